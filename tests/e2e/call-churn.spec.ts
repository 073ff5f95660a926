/** People join and leave in random order, also at once, and nothing is left over. */
import { expect, test } from "vitest";
import { gathered, type CallPanel } from "./harness/call-panel";
import { numbers } from "./harness/camera";
import { play } from "./harness/stage";

const STEPS = Number(process.env.STEPS ?? 20);
const SEED = Number(process.env.SEED ?? 1);

test(
  `${STEPS} joins and leaves by three people, and no connection, camera or element is left`,
  play(async (stage) => {
    console.log(`SEED=${SEED} STEPS=${STEPS}`);
    const random = numbers(SEED);
    const people = await gathered(stage, "Alice", "Bob", "Cara");
    const before = await Promise.all(people.map((person) => person.ask("left")));
    const inside = new Set<CallPanel>();
    for (let step = 0; step < STEPS;) {
      const moving = people.filter(() => random() < 0.4);
      step += moving.length;
      await Promise.all(moving.map((person) => move(person, inside, random)));
      // Now and then everyone looks round before the next move.
      if (random() < 0.3) await agree(inside);
    }
    await agree(inside);
    for (const person of inside) await person.leave();
    for (const [at, person] of people.entries()) {
      const wanted = before[at];
      if (wanted) await person.leaves(wanted);
      expect(wanted).toMatchObject({ calls: 0, cameras: 0, microphones: 0, elements: 0 });
    }
  }),
  600_000,
);

/** Joins who is out, with some of their devices, and leaves who is in. */
function move(person: CallPanel, inside: Set<CallPanel>, random: () => number): Promise<void> {
  if (inside.delete(person)) return person.leave();
  inside.add(person);
  return person.join({ camera: random() < 0.5, microphone: random() < 0.5 });
}

/** Everyone in the call has tiles of all others in it, and one connection with media to each. */
async function agree(inside: Set<CallPanel>): Promise<void> {
  for (const person of inside) {
    const others = [...inside].filter((other) => other !== person);
    await person.shows(others.map(({ name }) => name));
    await person.hasCalls(others.length);
  }
}
