/**
 * The main job across two engines: Chromium and Firefox in one room, connected directly. Firefox
 * needs no preference for it: each finds the other behind its mDNS name, as at people's homes.
 */
import { afterEach, expect, test } from "vitest";
import { becomes } from "./harness/condition";
import { Fox } from "./harness/fox";
import type { Person } from "./harness/person";
import { play, type Stage } from "./harness/stage";

const foxes: Fox[] = [];
afterEach(async () => {
  await Promise.all(foxes.splice(0).map((fox) => fox.close()));
});

async function fox(name: string): Promise<Fox> {
  const fox = await Fox.start(name);
  foxes.push(fox);
  return fox;
}

/** They see each other directly, and what either writes the other has. */
async function work(stage: Stage, person: Person, fox: Fox): Promise<void> {
  await Promise.all([person.sees(fox.name, "direct"), fox.sees(person.name, "direct")]);
  await becomes("circuits of the node", () => Promise.resolve(stage.node.circuits), 0);
  await person.type("abc", 20);
  await fox.hasText("abc");
  await fox.type("123");
  await becomes(`length of ${person.name}'s text`, async () => (await person.text()).length, 6);
  const text = await person.text();
  expect(text.replaceAll(/\d/g, "")).toBe("abc");
  expect(text).toContain("123");
  await fox.hasText(text);
  expect(fox.problems).toEqual([]);
}

test(
  "somebody at Firefox opens a link from Chromium",
  play(async (stage) => {
    const alice = await stage.alone("Two engines");
    const bob = await fox("Bob");
    await bob.join(await alice.invite());
    await work(stage, alice, bob);
  }),
);

test(
  "somebody at Chromium opens a link from Firefox",
  play(async (stage) => {
    const alice = await fox("Alice");
    const link = await alice.found(stage.node.origin);
    const bob = stage.person("Bob");
    await bob.join(link);
    await work(stage, bob, alice);
  }),
);
