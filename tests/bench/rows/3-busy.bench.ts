/** Keystrokes while 10 MB are on their way: to somebody else who joins, from somebody else, and from the one who types. */
import { afterAll, beforeAll, test } from "vitest";
import type { Pair } from "../harness/pair";
import { keep, type Sample } from "../harness/results";
import { times } from "../harness/settings";
import { Teams, type TeamName } from "../harness/teams";

/** How much there is to sync. */
const BYTES = times(10_000_000, 1_000_000);
/** What is written at once: a large paste. */
const PART = 64 << 10;
/** Between two strokes. */
const EVERY = 10;
const ROUNDS = times(3, 1);

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("keystroke while somebody joins who lacks 10 MB", async () => {
  const sample: Required<Sample> = { values: [], cpu: [], failures: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const pair = await teams.met("covey");
    await pour(pair);
    const third = await teams.coveyPage();
    const before = await pair.cpu();
    const strokes = await strokesUntil(pair, async () => {
      await third.evaluate(
        ([place, bytes]) => {
          void globalThis.player.meet({ place, at: 0, own: "", other: "never" });
          return globalThis.player.reaches(bytes);
        },
        [pair.right.place, BYTES] as const,
      );
    });
    sample.values.push(...strokes);
    sample.cpu.push((await pair.cpu()) - before);
    await pair.close();
    await third.context().close();
  }
  await keep("keystroke-busy", { covey: sample }, "CPU: of both who type, for one such join");
});

test("keystroke while somebody pastes 10 MB", async () => {
  const sample: Required<Sample> = { values: [], cpu: [], failures: 0 };
  const arrival: Required<Sample> = { values: [], cpu: [], failures: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const pair = await teams.met("covey");
    const third = await teams.coveyPage();
    await third.evaluate(async (place) => {
      void globalThis.player.meet({ place, at: 0, own: "", other: "never" });
      await globalThis.player.reaches(1);
    }, pair.right.place);
    const before = await pair.cpu();
    const strokes = await strokesUntil(pair, async () => {
      const both = [pair.a, pair.b].map((page) =>
        page.evaluate((bytes) => globalThis.player.reaches(bytes), BYTES),
      );
      const began = Date.now();
      await third.evaluate((bytes) => globalThis.player.fill(bytes, bytes), BYTES);
      arrival.values.push(Math.max(...(await Promise.all(both))) - began);
    });
    sample.values.push(...strokes);
    sample.cpu.push((await pair.cpu()) - before);
    await pair.close();
    await third.context().close();
  }
  await keep("keystroke-paste", { covey: sample }, "CPU: of both who type, for one such paste");
  await keep("paste-arrives", { covey: arrival });
});

test("keystroke behind 10 MB of one's own", async () => {
  const samples: Record<string, Required<Sample>> = {};
  const names: TeamName[] = ["yjs", "covey"];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of names) {
      const sample = (samples[name] ??= { values: [], cpu: [], failures: 0 });
      const pair = await teams.met(name);
      const before = await pair.cpu();
      sample.values.push(...(await strokesUntil(pair, () => pour(pair))));
      sample.cpu.push((await pair.cpu()) - before);
      await pair.close();
    }
  await keep("keystroke-own", samples, "CPU: of both pages, for one round of 10 MB");
});

/** One writes 10 MB, the other receives them. */
async function pour({ a, b }: Pair): Promise<void> {
  const all = b.evaluate((bytes) => globalThis.player.reaches(bytes), BYTES);
  await a.evaluate(([bytes, part]) => globalThis.player.fill(bytes, part), [BYTES, PART] as const);
  await all;
}

/** Strokes until something else is done. */
async function strokesUntil({ a, b }: Pair, act: () => Promise<void>): Promise<number[]> {
  await b.evaluate(() => globalThis.player.echo());
  const strokes = a.evaluate((every) => globalThis.player.strokes(Infinity, every), EVERY);
  await act();
  await a.evaluate(() => globalThis.player.stop());
  return strokes;
}
