/** Keystrokes while 10 MB go the same way. */
import { afterAll, beforeAll, test } from "vitest";
import type { Pair } from "../harness/pair";
import { keep, type Sample } from "../harness/results";
import { times } from "../harness/settings";
import { Teams, type TeamName } from "../harness/teams";

/** The text grows by so much while keys are pressed. */
const BYTES = times(10_000_000, 1_000_000);
/** What is written at once: a large paste. */
const PART = 64 << 10;

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("keystroke while 10 MB are synced", async () => {
  const samples: Record<string, Required<Sample>> = {};
  const names: TeamName[] = ["yjs", "covey"];
  for (let round = 0; round < times(4, 1); round += 1)
    for (const name of names) {
      const sample = (samples[name] ??= { values: [], cpu: [], failures: 0 });
      const pair = await teams.met(name);
      const before = await pair.cpu();
      sample.values.push(...(await busyStrokes(pair)));
      sample.cpu.push((await pair.cpu()) - before);
      await pair.close();
    }
  await keep("keystroke-busy", samples, "CPU: of both pages, for one round of 10 MB");
});

/** Strokes until the other has it all. */
async function busyStrokes({ a, b }: Pair): Promise<number[]> {
  await b.evaluate(() => globalThis.player.echo());
  const all = b.evaluate((bytes) => globalThis.player.reaches(bytes), BYTES);
  const poured = a.evaluate(([bytes, part]) => globalThis.player.fill(bytes, part), [
    BYTES,
    PART,
  ] as const);
  const strokes = a.evaluate(() => globalThis.player.strokes(Infinity, 10));
  await Promise.all([poured, all]);
  await a.evaluate(() => globalThis.player.stop());
  return strokes;
}
