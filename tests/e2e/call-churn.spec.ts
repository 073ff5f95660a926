/** People join and leave in random order, also at once, and nothing is left over. */
import { expect, test } from "vitest";
import { gathered, type CallPanel, type Devices } from "./harness/call-panel";
import { numbers } from "./harness/camera";
import { play } from "./harness/stage";

const STEPS = Number(process.env.STEPS ?? 60);
const SEED = Number(process.env.SEED ?? 1);

test(
  `${STEPS} joins and leaves by three people, and no connection, camera or element is left`,
  play(async (stage) => {
    console.log(`SEED=${SEED} STEPS=${STEPS}`);
    const random = numbers(SEED);
    const people = await gathered(stage, "Alice", "Bob", "Cara");
    const before = await Promise.all(people.map((person) => person.ask("left")));
    const inside: Inside = new Map();
    for (let step = 0; step < STEPS;) {
      const moving = people.filter(() => random() < 0.4);
      step += moving.length;
      await Promise.all(moving.map((person) => move(person, inside, random)));
      // Now and then everyone looks round before the next move.
      if (random() < 0.3) await agree(inside);
    }
    await agree(inside);
    for (const person of inside.keys()) await person.leave();
    for (const [at, person] of people.entries()) {
      const wanted = before[at];
      if (wanted) await person.leaves(wanted);
      expect(wanted).toMatchObject({ calls: 0, cameras: 0, microphones: 0, elements: 0 });
    }
  }),
  600_000,
);

/** Those in the call, with what they joined with. */
type Inside = Map<CallPanel, Devices>;

/** Joins who is out, with some of their devices, and leaves who is in. */
function move(person: CallPanel, inside: Inside, random: () => number): Promise<void> {
  if (inside.delete(person)) return person.leave();
  const devices = { camera: random() < 0.5, microphone: random() < 0.5 };
  inside.set(person, devices);
  return person.join(devices);
}

/** Everyone in the call has one connection with media to each of the others, sees and hears them. */
async function agree(inside: Inside): Promise<void> {
  const all = [...inside.keys()].map(async (person) => {
    const others = [...inside].filter(([other]) => other !== person);
    await person.shows(others.map(([{ name }]) => name));
    await person.hasCalls(others.length);
    for (const [{ name }, { camera, microphone }] of others) {
      await (camera ? person.sees(name) : person.seesNoPictureOf(name));
      await (microphone ? person.hears(name) : person.hearsNothingOf(name));
    }
  });
  await Promise.all(all);
}
