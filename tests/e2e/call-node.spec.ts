/** The node is killed in mid-call: nobody notices, and those who are connected can still join. */
import { test } from "vitest";
import { gathered, type CallPanel } from "./harness/call-panel";
import { at } from "./harness/condition";
import { play } from "./harness/stage";

const ROUNDS = 12;
const ROUND = 5_000;
/** Of the 75 that are filmed in a round. */
const FRAMES = 20;

test(
  "media goes on for a minute after the node was killed, and a third joins the call meanwhile",
  play(async (stage) => {
    const [alice, bob, cara] = await gathered(stage, "Alice", "Bob", "Cara");
    // The parts of the page that Cara has not opened come from her worker.
    await Promise.all([alice, bob, cara].map(({ person }) => person.offlineReady()));
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
    await stage.killNode();

    const minute = goOn(alice, bob);
    const third = cara.join().then(async () => {
      const all = [alice, bob, cara];
      await Promise.all(all.map((person) => person.meets(all)));
    });
    await Promise.all([minute, third]);
    await Promise.all([goOn(alice, cara, 1), goOn(bob, cara, 1)]);
  }),
  300_000,
);

/** In each round both see more of the other, and hear them. */
async function goOn(one: CallPanel, other: CallPanel, rounds = ROUNDS): Promise<void> {
  const start = performance.now();
  for (let round = 1; round <= rounds; round += 1) {
    await Promise.all([
      one.moves(other.name, FRAMES, ROUND),
      other.moves(one.name, FRAMES, ROUND),
      one.hears(other.name, ROUND),
      other.hears(one.name, ROUND),
      at(start + round * ROUND),
    ]);
  }
}
