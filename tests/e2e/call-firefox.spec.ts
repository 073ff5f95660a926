/** A call across two engines: Chromium and Firefox see and hear each other, whoever was there first. */
import { afterEach, expect, test } from "vitest";
import { FoxCall } from "./harness/call-fox";
import { CallPanel } from "./harness/call-panel";
import { play, type Stage } from "./harness/stage";

const foxes: FoxCall[] = [];
afterEach(async () => {
  await Promise.all(foxes.splice(0).map(({ fox }) => fox.close()));
});

async function pair(stage: Stage): Promise<[CallPanel, FoxCall]> {
  const alice = await CallPanel.of(stage, "Alice");
  await alice.person.arrive();
  await alice.person.createRoom("Two engines");
  const bob = await FoxCall.start("Bob");
  foxes.push(bob);
  await bob.fox.join(await alice.person.invite());
  await Promise.all([alice.person.sees("Bob", "direct"), bob.fox.sees("Alice", "direct")]);
  return [alice, bob];
}

/** Firefox films a colour that changes, so that its picture is known by its moving. */
async function meet(alice: CallPanel, bob: FoxCall): Promise<void> {
  await Promise.all([
    alice.moves("Bob", 10),
    alice.hears("Bob"),
    bob.sees("Alice"),
    bob.hears("Alice"),
  ]);
  expect(bob.fox.problems).toEqual([]);
}

test(
  "somebody at Firefox joins a call from Chromium, mutes, and leaves",
  play(async (stage) => {
    const [alice, bob] = await pair(stage);
    const before = await alice.ask("left");
    await alice.join();
    await bob.join();
    await meet(alice, bob);
    await bob.press("Mute");
    await alice.hearsNothingOf("Bob");
    await bob.press("Unmute");
    await alice.hears("Bob");
    await bob.press("Leave call");
    await alice.shows([]);
    await alice.leave();
    await alice.leaves(before);
  }),
);

test(
  "somebody at Chromium joins a call from Firefox",
  play(async (stage) => {
    const [alice, bob] = await pair(stage);
    await bob.join();
    await alice.join();
    await meet(alice, bob);
    await alice.press("Camera off");
    await bob.seesNoPictureOf("Alice");
    await alice.press("Camera on");
    await bob.sees("Alice");
  }),
);
