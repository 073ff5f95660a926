/** The node is killed while people write: nothing stops, nothing is lost. */
import { expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { play } from "./harness/stage";
import { DIGITS, keys, LETTERS } from "./harness/words";

const ROUNDS = 12;
const KEYS_A_ROUND = 50;
const KEYS_A_SECOND = 10;

test(
  "people type for 60 s after the node was killed, reload with every server dead, and all of it is there",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    await Promise.all([alice.offlineReady(), bob.offlineReady()]);
    await stage.killNode();

    const text = await typeForAMinute(alice, bob);
    await alice.sees("Bob", "direct");
    await bob.sees("Alice", "direct");

    await Promise.all([alice.saved(), bob.saved()]);
    await Promise.all([alice.reload(), bob.reload()]);
    for (const person of [alice, bob]) {
      expect(await person.text()).toBe(text);
      expect(await person.shown()).toBe(text);
      await becomes(`${person.name}'s badge`, () => person.reach(), "offline");
    }
    await alice.sees("Bob", "offline");
    await bob.sees("Alice", "offline");

    await alice.goTo("start");
    await alice.type("alone", KEYS_A_SECOND);
    await bob.goTo("end");
    await bob.type("apart", KEYS_A_SECOND);
    expect(await alice.text()).toBe(`alone${text}`);
    expect(await bob.text()).toBe(`${text}apart`);
    for (const person of [alice, bob]) {
      await until(`${person.name}: edits wait`, async () => (await person.status()).waiting > 0);
      await person.saved();
    }

    await stage.node.restart();
    // One comes back by a reload, the other by himself.
    await alice.reload();
    await Promise.all([alice.sees("Bob", "direct", 90_000), bob.sees("Alice", "direct", 90_000)]);
    const whole = `alone${text}apart`;
    await Promise.all([alice.hasText(whole), bob.hasText(whole)]);
    await Promise.all([alice.delivered(), bob.delivered()]);
    expect((await alice.stats()).digests).toEqual((await bob.stats()).digests);
  }),
  360_000,
);

/** Both type for 60 s, and what each typed in every 5 s of it arrives at the other. */
async function typeForAMinute(alice: Person, bob: Person): Promise<string> {
  await alice.type("=", 1);
  await bob.hasText("=");
  await alice.goTo("start");
  await bob.goTo("end");
  let letters = "";
  let digits = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = round * KEYS_A_ROUND;
    const more = [keys(LETTERS, KEYS_A_ROUND, from), keys(DIGITS, KEYS_A_ROUND, from)] as const;
    await Promise.all([alice.type(more[0], KEYS_A_SECOND), bob.type(more[1], KEYS_A_SECOND)]);
    letters += more[0];
    digits += more[1];
    const text = `${letters}=${digits}`;
    await Promise.all([alice.hasText(text, 10_000), bob.hasText(text, 10_000)]);
  }
  return `${letters}=${digits}`;
}
