/** The main job: a link, two browsers, one text, and nothing in the middle. */
import { expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import { iceServers, selectedPairs } from "./harness/connections";
import type { Person } from "./harness/person";
import { Meter, silent } from "./harness/sockets";
import { play } from "./harness/stage";
import { DIGITS, keys, LETTERS } from "./harness/words";

const KEYS_A_SECOND = 20;
/** What the node's sockets may move in a minute of typing. */
const QUIET = 4096;

test(
  "two people write in one line, connected directly, and the node has no part in it",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    for (const person of [alice, bob]) {
      const pairs = await selectedPairs(person);
      expect(pairs.length).toBeGreaterThan(0);
      for (const { local, remote } of pairs) {
        expect(["host", "srflx", "prflx"]).toContain(local);
        expect(["host", "srflx", "prflx"]).toContain(remote);
      }
      expect(await iceServers(person)).toEqual([]);
      await person.offlineReady();
    }
    // They did meet through the node: it carried a circuit, and carries none now.
    expect(stage.node.circuitsEver).toBeGreaterThan(0);
    await becomes("circuits", () => Promise.resolve(stage.node.circuits), 0, 5_000);

    // Five seconds after it connected each page and the node tell each other what they are.
    await silent(stage.node.port, 6_000);
    const meter = await Meter.start(stage.node.port);
    const line = await typeInOneLine(alice, bob);
    await onUntilAMinuteIsOver(alice, bob, line);
    const { perMinute } = await meter.stop();
    expect(perMinute).toBeLessThan(QUIET);
    expect(stage.node.circuits).toBe(0);
  }),
  240_000,
);

/** 20 keys a second for 20 s from both, on both sides of one mark; returns the line. */
async function typeInOneLine(alice: Person, bob: Person): Promise<string> {
  await alice.type("=", 1);
  await bob.hasText("=");
  await alice.goTo("start");
  await bob.goTo("end");
  const count = KEYS_A_SECOND * 20;
  const letters = keys(LETTERS, count);
  const digits = keys(DIGITS, count);
  const start = performance.now();
  await Promise.all([alice.type(letters, KEYS_A_SECOND), bob.type(digits, KEYS_A_SECOND)]);
  // Each key was pressed on time, whenever the page was done with it.
  console.log(`${2 * count} keys were written in ${Math.round(performance.now() - start)} ms`);

  const line = `${letters}=${digits}`;
  await Promise.all([alice.hasText(line), bob.hasText(line)]);
  expect(await alice.shown()).toBe(line);
  expect(await bob.shown()).toBe(line);
  await showsCaret(bob, "Alice", letters);
  await showsCaret(alice, "Bob", line);
  return line;
}

/** The other's caret stands directly behind what they typed last, in their colour. */
async function showsCaret(person: Person, other: string, behind: string): Promise<void> {
  await until(
    `${person.name} sees the caret of ${other} behind what ${other} typed last`,
    async () => {
      const caret = await person.caretOf(other);
      return caret?.behind === behind;
    },
  );
  expect((await person.caretOf(other))?.color).toBe(await person.colorOf(other));
}

async function onUntilAMinuteIsOver(alice: Person, bob: Person, line: string): Promise<void> {
  const count = KEYS_A_SECOND * 40;
  const letters = keys(LETTERS, count);
  const digits = keys(DIGITS, count);
  await Promise.all([alice.type(letters, KEYS_A_SECOND), bob.type(digits, KEYS_A_SECOND)]);
  const [before, after] = line.split("=");
  const whole = `${before ?? ""}${letters}=${after ?? ""}${digits}`;
  await Promise.all([alice.hasText(whole), bob.hasText(whole)]);
}

test(
  "two people write at the same place, and both have the same text",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.goTo("start");
    await bob.goTo("start");
    const letters = keys(LETTERS, 100);
    const digits = keys(DIGITS, 100);
    await Promise.all([alice.type(letters, KEYS_A_SECOND), bob.type(digits, KEYS_A_SECOND)]);
    const text = await until("both have all of it", async () => {
      const text = await alice.text();
      return text.length === 200 && text === (await bob.text()) && text;
    });
    expect(text.replaceAll(/\d/g, "")).toBe(letters);
    expect(text.replaceAll(/\D/g, "")).toBe(digits);
    expect((await alice.stats()).digests).toEqual((await bob.stats()).digests);
  }),
);
