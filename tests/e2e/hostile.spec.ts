/** One of five breaks the rules with a page made for it: the others' edits stay quick, their memory stays small, and the attacker is left. */
import { expect, test } from "vitest";
import { PATIENCE, until } from "./harness/condition";
import { arrived, Hall, latencies, type Guest, type Latencies } from "./harness/hall";
import { settings } from "./harness/settings";
import { play } from "./harness/stage";

const MEBIBYTE = 1 << 20;
/** How long the honest are watched while somebody attacks, and how often each of them writes. */
const WATCHED = 5_000;
const EVERY = 100;
/** How soon 99 of 100 edits of the honest are everywhere, in milliseconds, whatever the attack. */
const QUICK = 500;
const GROWTH = 32 * MEBIBYTE;
/** What an attacker's connection may last; on a machine that is busy, so many times what an edit takes. */
const STAY = 2_000;
const STAY_EDITS = 40;

/** What is done to the others, and how they count it. */
const ATTACKS = [
  ["flood-live", "flood"],
  ["flood-hellos", "unexpected"],
  ["forge-client", "guard"],
  ["replay", "useless"],
  ["giant", "window"],
  ["unresolvable", "window"],
] as const;
/** What may be written is kept, until it is more than is borne: small on the wire, and as large as it is. */
const FLOODS = ["flood-segments", "flood-plain"];

test(
  "one of five people attacks in every way, and the other four go on as before",
  play(async (stage) => {
    const hall = await Hall.open(stage.node.origin);
    try {
      const honest: Guest[] = [];
      const ada = await hall.guest("Ada");
      honest.push(ada);
      const link = await ada.found();
      for (const name of ["Bob", "Cleo", "Dan"]) {
        const guest = await hall.guest(name);
        await guest.join(link);
        honest.push(guest);
      }
      for (const guest of honest) {
        await guest.hasPeers(3);
        await guest.listen();
      }
      const quiet = await watched(honest, PATIENCE);
      const before = await Promise.all(honest.map((guest) => guest.memory()));
      report("quiet", quiet);
      const stay = Math.max(STAY, STAY_EDITS * quiet.p99);
      for (const [attack, reason] of ATTACKS) {
        await isLeft(hall, honest, link, attack, quiet, stay);
        await isCounted(honest, attack, reason);
      }
      await stays(hall, honest, link, "stall", quiet);
      const overruns = await counts(honest, "window");
      for (const attack of FLOODS) await isLeft(hall, honest, link, attack, quiet, stay);
      // Counting takes memory, so it comes last.
      await isBounded(honest, before);
      for (const [index, count] of (await counts(honest, "window")).entries())
        expect.soft(count, "floods counted").toBeGreaterThan(overruns[index] ?? 0);
    } finally {
      await hall.close();
    }
  }),
  300_000,
);

/** An attacker is disconnected by all others, and they go on meanwhile. */
async function isLeft(
  hall: Hall,
  honest: Guest[],
  link: string,
  attack: string,
  quiet: Latencies,
  stay: number,
): Promise<void> {
  const mallory = await enter(hall, honest, link, attack);
  const gone = Promise.all(
    honest.map((guest) => guest.left(mallory.name, Math.max(WATCHED, stay))),
  );
  await tell(mallory, attack);
  const seen = await watched(honest, bound(quiet));
  const left = Math.max(...(await gone).map((time) => time ?? Infinity));
  report(attack, seen, `left after ${Math.round(left)} ms`);
  isQuick(attack, seen, quiet);
  expect.soft(left, `${attack}: is left`).toBeLessThan(stay);
  await mallory.context.close();
}

async function isCounted(honest: Guest[], attack: string, reason: string): Promise<void> {
  const least = Math.min(...(await counts(honest, reason)));
  expect.soft(least, `${attack} is counted as ${reason} by all`).toBeGreaterThan(0);
}

/** How often each counted something. */
async function counts(honest: Guest[], reason: string): Promise<number[]> {
  const all = await Promise.all(honest.map((guest) => guest.refused()));
  return all.map((refused) => refused[reason] ?? 0);
}

/** A peer that reads nothing does not disturb the others. */
async function stays(
  hall: Hall,
  honest: Guest[],
  link: string,
  attack: string,
  quiet: Latencies,
): Promise<void> {
  const mallory = await enter(hall, honest, link, attack);
  await tell(mallory, attack);
  const seen = await watched(honest, bound(quiet));
  report(attack, seen);
  isQuick(attack, seen, quiet);
  await mallory.context.close();
}

async function enter(hall: Hall, honest: Guest[], link: string, attack: string): Promise<Guest> {
  const mallory = await hall.guest(`M-${attack}`, settings.misbehavingSite);
  await mallory.join(link);
  await mallory.hasPeers(honest.length);
  await until(`${mallory.name} is let in`, () =>
    mallory.page.evaluate(() => globalThis.coveyRoom?.status.admitted ?? false),
  );
  for (const guest of honest) {
    await until(`${guest.name} sees ${mallory.name}`, () =>
      guest.page.evaluate(
        (name) =>
          globalThis.coveyRoom?.people.some(
            (each) => each.name === name && each.path === "direct",
          ) ?? false,
        mallory.name,
      ),
    );
  }
  return mallory;
}

async function tell(mallory: Guest, attack: string): Promise<void> {
  await mallory.page.evaluate((attack) => {
    if (!globalThis.coveyMisbehave) throw new Error("this page keeps the rules");
    globalThis.coveyMisbehave(attack);
  }, attack);
}

/** All write at once for a while; how long it took to the others, if it came so soon after the last was written. */
async function watched(honest: Guest[], within: number): Promise<Latencies> {
  await Promise.all(honest.map((guest) => guest.marks()));
  await Promise.all(honest.map((guest) => guest.write(WATCHED, EVERY)));
  await arrived(honest, within);
  return latencies(honest);
}

/** As quick as people notice, or on a machine that is busy with other things as quick as before. */
const bound = (quiet: Latencies) => Math.max(QUICK, 3 * quiet.p99);

function isQuick(attack: string, seen: Latencies, quiet: Latencies): void {
  expect.soft(seen.missing, `${attack}: edits that did not come`).toBe(0);
  expect.soft(seen.count, `${attack}: edits`).toBeGreaterThan(100);
  expect.soft(seen.p99, `${attack}: p99`).toBeLessThan(bound(quiet));
}

async function isBounded(honest: Guest[], before: { heap: number; wasm: number }[]): Promise<void> {
  for (const [index, guest] of honest.entries()) {
    const { heap, wasm } = await guest.memory();
    const then = before[index] ?? { heap: 0, wasm: 0 };
    const [heaps, wasms] = [heap - then.heap, wasm - then.wasm].map((n) => Math.round(n / 1024));
    console.log(`${guest.name}: heap ${heaps} KiB, WebAssembly ${wasms} KiB more`);
    expect(then.wasm, "the module's memory is known").toBeGreaterThan(0);
    expect.soft(heap + wasm - then.heap - then.wasm, guest.name).toBeLessThan(GROWTH);
  }
}

function report(what: string, { count, p50, p99, missing }: Latencies, more = ""): void {
  const numbers = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${count}`;
  console.log(`${what}: ${numbers}, ${missing} missing ${more}`);
}
