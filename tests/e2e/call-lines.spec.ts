/** Calls over lines that are narrowed, cut and moved. */
import { expect, test } from "vitest";
import type { CallPanel } from "./harness/call-panel";
import { at, becomes } from "./harness/condition";
import { bits, concealed, flow, videoRate } from "./harness/flow";
import { noLines, playOnLines } from "./harness/lines";
import { toggle } from "./harness/panels";

/** Bits a second. */
const WIDE = 4_000_000;
const NARROW = 400_000;
/** The browser itself needs a second to notice that a line has become narrow. */
const NOTICED = 1_000;
const BLACKOUT = 10_000;

const missing = noLines();
if (missing !== undefined) console.warn(`calls over lines are not tested: ${missing}`);
const onLines = test.skipIf(missing !== undefined);

onLines(
  "an uplink becomes narrow: the picture gives way to the sound, and comes back with the line",
  playOnLines(async (stage, lines) => {
    const line = lines.of("Alice");
    line.narrow(WIDE);
    const [alice, bob] = await lines.pair(stage);
    await enlarge(bob, "Alice");
    await sends(alice, (rate) => rate > 3 * NARROW, 30_000);

    const start = performance.now();
    line.narrow(NARROW);
    const lower = sends(alice, (rate) => rate < NARROW, 30_000);
    await at(start + NOTICED);
    const before = await both(alice, bob);
    await at(start + NOTICED + 10_000);
    const after = await both(alice, bob);
    const share = concealed(before.bob, after.bob);
    const rate = bits(before.alice, after.alice);
    const down = await lower;

    line.narrow(WIDE);
    const up = await sends(alice, (rate) => rate > 1.25 * NARROW, 60_000);
    const full = up + (await sends(alice, (rate) => rate > 3 * NARROW, 60_000));
    console.log(
      `${Math.round(rate / 1000)} kbit/s through the narrow line, ` +
        `${(100 * share).toFixed(2)} % of the sound made up; ` +
        `picture down after ${seconds(down)}, up after ${seconds(up)}, ` +
        `at three times the narrow line after ${seconds(full)}`,
    );
    expect(share).toBeLessThan(0.02);
    expect(rate).toBeLessThan(NARROW);
    expect(down).toBeLessThan(5_000);
    expect(up).toBeLessThan(20_000);
  }),
);

onLines(
  "a line is cut for ten seconds: picture and sound are back when it is",
  playOnLines(async (stage, lines) => {
    const [alice, bob] = await lines.pair(stage);
    const start = performance.now();
    lines.of("Alice").cut();
    await Promise.all([alice.hearsNothingOf("Bob"), bob.hearsNothingOf("Alice")]);
    await at(start + BLACKOUT);
    lines.of("Alice").mend();
    const times = await back(alice, bob, 30_000);
    console.log(`back after a blackout: ${told(times)}`);
    expect(Math.max(...Object.values(times))).toBeLessThan(3_000);
  }),
);

onLines(
  "an address changes: picture and sound come back",
  playOnLines(async (stage, lines) => {
    const [alice, bob] = await lines.pair(stage);
    lines.of("Alice").move();
    // Nothing tells the page: its connection to the node has to be found dead first.
    const times = await back(alice, bob, 90_000);
    console.log(`back after a change of address: ${told(times)}`);
    expect(Math.max(...Object.values(times))).toBeLessThan(75_000);
  }),
);

/** Shows nothing but the call, and somebody's picture as large as it gets. */
async function enlarge(panel: CallPanel, name: string): Promise<void> {
  for (const other of ["Code", "Chat"] as const) await toggle(panel.person, other).click();
  await panel.choose(name, "Pin");
}

async function both(alice: CallPanel, bob: CallPanel) {
  return { alice: await flow(alice.page), bob: await flow(bob.page) };
}

/** Waits for a rate of somebody's pictures; returns how long that took, in milliseconds. */
async function sends(
  { page, name }: CallPanel,
  wanted: (rate: number) => boolean,
  within: number,
): Promise<number> {
  const start = performance.now();
  const rate = videoRate(page);
  const look = async () => {
    const now = await rate();
    return now !== undefined && wanted(now);
  };
  await becomes(`${name} sends at the wanted rate`, look, true, within);
  return performance.now() - start;
}

/** How long it takes until each sees the other, and until both hear each other too, in milliseconds. */
async function back(one: CallPanel, other: CallPanel, within: number) {
  const start = performance.now();
  const after = (done: Promise<unknown>) => done.then(() => performance.now() - start);
  const [picture, otherPicture] = await Promise.all([
    after(one.moves(other.name, 5, within)),
    after(other.moves(one.name, 5, within)),
  ]);
  // A tone that was played last is heard for a while, but not for so long.
  const sound = await after(
    Promise.all([one.hears(other.name, within), other.hears(one.name, within)]),
  );
  return { [`picture at ${one.name}`]: picture, [`at ${other.name}`]: otherPicture, sound };
}

function told(times: Record<string, number>): string {
  return Object.entries(times)
    .map(([what, time]) => `${what} ${seconds(time)}`)
    .join(", ");
}

function seconds(time: number): string {
  return `${(time / 1000).toFixed(2)} s`;
}
