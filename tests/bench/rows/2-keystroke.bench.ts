/** A keystroke from document to document and back, in an empty and in a long document. */
import { afterAll, beforeAll, test } from "vitest";
import type { Pair } from "../harness/pair";
import { keep, type Sample } from "../harness/results";
import { times } from "../harness/settings";
import { TEAMS, Teams } from "../harness/teams";

const LONG = 100_000;
/** A fast typist's pause. */
const EVERY = 100;
/** Strokes before the next contender has its turn. */
const BLOCK = 20;

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("keystroke in an empty document", () => strokes("keystroke", 0));
test("keystroke in a document of 100,000 characters", () => strokes("keystroke-long", LONG));

async function strokes(key: "keystroke" | "keystroke-long", length: number): Promise<void> {
  const pairs = new Map<string, Pair>();
  const samples: Record<string, Required<Sample>> = {};
  for (const name of TEAMS) {
    const pair = await teams.met(name);
    if (length > 0 && name !== "floor") {
      await pair.a.evaluate((length) => globalThis.player.fill(length, 79), length);
      await pair.b.evaluate((length) => globalThis.player.reaches(length), length);
    }
    await pair.b.evaluate(() => globalThis.player.echo());
    pairs.set(name, pair);
    samples[name] = { values: [], cpu: [], failures: 0 };
  }
  for (let round = 0; round <= times(10, 1); round += 1)
    for (const [name, pair] of pairs) {
      const before = await pair.cpu();
      const took = await pair.a.evaluate(
        ([count, every]) => globalThis.player.strokes(count, every),
        [times(BLOCK, 5), EVERY] as const,
      );
      if (round === 0) continue;
      samples[name]?.values.push(...took);
      samples[name]?.cpu.push(((await pair.cpu()) - before) / took.length);
    }
  for (const pair of pairs.values()) await pair.close();
  await keep(key, samples);
}
