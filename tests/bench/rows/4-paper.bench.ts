/** A long document: written live, received, joined, and opened again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { Processor } from "../harness/arena";
import type { Pair } from "../harness/pair";
import { keep, type Sample } from "../harness/results";
import { settings, times } from "../harness/settings";
import { Teams, type TeamName } from "../harness/teams";
import { shorter, trace, type Trace } from "../harness/trace";

const LIVE = 100_000;
const TYPED = times(settings.typed, 1000);
const ROUNDS = times(3, 1);
const NAMES: TeamName[] = ["yjs", "y-webrtc", "covey"];

type Samples = Record<string, Required<Sample>>;

let teams: Teams;
let paper: Trace;
beforeAll(async () => {
  [teams, paper] = [await Teams.open(), await trace()];
});
afterAll(() => teams.close());

function of(samples: Samples, name: string): Required<Sample> {
  return (samples[name] ??= { values: [], cpu: [], failures: 0 });
}

test("100,000 edits live", async () => {
  const live = shorter(paper, LIVE);
  const samples: Samples = {};
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of NAMES) {
      const pair = await teams.met(name);
      const text = await pair.a.evaluate(() => globalThis.player.content());
      const before = await pair.cpu();
      const there = pair.b.evaluate((end) => globalThis.player.becomes(end), live.end + text);
      const [start, end] = await Promise.all([replay(pair.a, live), there]);
      of(samples, name).values.push((live.patches.length * 1000) / (end - start));
      of(samples, name).cpu.push((await pair.cpu()) - before);
      await pair.close();
    }
  await keep("live", samples, `trace: ${paper.name}; CPU of both pages`);
});

test("CPU of the one who receives them", async () => {
  const live = shorter(paper, LIVE);
  const samples: Samples = {};
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of ["yjs", "covey"] as const) {
      const pair = name === "yjs" ? await teams.met(name) : await withoutView();
      const processor = await Processor.of(pair.b);
      const text = await pair.a.evaluate(() => globalThis.player.content());
      const before = await processor.spent();
      await replay(pair.a, live);
      if (name === "yjs")
        await pair.b.evaluate((end) => globalThis.player.becomes(end), live.end + text);
      else await pair.a.waitForFunction(() => globalThis.coveyRoom?.status.waiting === 0);
      of(samples, name).values.push((await processor.spent()) - before);
      await pair.close();
    }
  await keep("apply", samples, `trace: ${paper.name}, its first ${live.patches.length} edits`);
});

test("join and open the paper, replayed", async () => {
  const samples: Samples = {};
  const opened: Samples = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    await joinBare(of(samples, "yjs"), paper);
    const { writer, id, link } = await written(paper, 0);
    await joinCovey(of(samples, "covey"), paper, link);
    await openAgain(of(opened, "covey"), paper, writer, id);
    await writer.context().close();
    // It takes long: what is there is kept.
    const note = `trace: ${paper.name}, ${paper.patches.length} edits`;
    await keep("join", samples, note);
    await keep("open", opened, note);
  }
});

test("join and open the paper, typed by hand", async () => {
  const samples: Samples = {};
  const opened: Samples = {};
  const typed = shorter(paper, TYPED);
  // Longer than a page gathers edits: each stands in the log by itself, as when it was typed.
  const { writer, id, link } = await written(typed, 17);
  for (let round = 0; round < ROUNDS; round += 1) {
    await joinBare(of(samples, "yjs"), typed);
    await joinCovey(of(samples, "covey"), typed, link);
  }
  for (let round = 0; round < ROUNDS; round += 1)
    await openAgain(of(opened, "covey"), typed, writer, id);
  await writer.context().close();
  const note = `trace: ${paper.name}, its first ${typed.patches.length} edits`;
  await keep("join-typed", samples, note);
  await keep("open-typed", opened, note);
});

function replay(page: Page, { patches }: Trace, apart = 0): Promise<number> {
  return page.evaluate(([patches, apart]) => globalThis.player.replay(patches, apart), [
    patches,
    apart,
  ] as const);
}

/** Two in a room, of whom the second does not look at the document. */
async function withoutView(): Promise<Pair> {
  const pair = await teams.team("covey").pair();
  await Promise.all([
    pair.a.evaluate(
      (id) => globalThis.player.meet({ place: id, at: 0, own: "", other: "from a" }),
      pair.left.place,
    ),
    pair.b.evaluate(async (link) => {
      globalThis.coveyRoom = await globalThis.covey?.join(link, { name: "Bench" });
    }, pair.right.place),
  ]);
  for (const page of [pair.a, pair.b])
    await page.waitForFunction(() =>
      globalThis.coveyRoom?.people.some((each) => !each.self && each.path === "direct"),
    );
  await pair.b.waitForFunction(() => globalThis.coveyRoom?.status.admitted);
  return pair;
}

/** Somebody in a room where the paper is written, connected to the node, everything stored. */
async function written(
  paper: Trace,
  apart: number,
): Promise<{ writer: Page; id: string; link: string }> {
  const writer = await teams.coveyPage();
  const { id, link } = await writer.evaluate(async () => {
    const room = await globalThis.covey?.create({ name: "Bench", title: "Bench" });
    if (!room) throw new Error("the page's engine is not there");
    await globalThis.player.enter?.(room);
    return { id: room.id, link: await room.invite({ role: "participant" }) };
  });
  await replay(writer, paper, apart);
  expect(await writer.evaluate(() => globalThis.player.content())).toBe(paper.end);
  await writer.waitForFunction(
    () => globalThis.coveyRoom?.status.unsaved === 0 && globalThis.coveyRoom.status.node === "up",
    undefined,
    { timeout: 0 },
  );
  return { writer, id, link };
}

/** From the start of the one who joins until it has the paper; the other is there already. */
async function joinBare(sample: Required<Sample>, paper: Trace): Promise<void> {
  const pair = await teams.team("yjs").pair();
  await replay(pair.a, paper);
  const processor = await Processor.of(pair.b);
  const { place } = pair.left;
  void pair.a
    .evaluate((place) => globalThis.player.meet({ place, at: 0, own: "", other: "never" }), place)
    .catch(() => undefined);
  await teams.signalling.someoneAt(place);
  await join(pair.b, processor, place, paper.end, sample);
  await pair.close();
}

async function joinCovey(sample: Required<Sample>, paper: Trace, link: string): Promise<void> {
  const page = await teams.coveyPage();
  await join(page, await Processor.of(page), link, paper.end, sample);
  await page.context().close();
}

async function join(
  page: Page,
  processor: Processor,
  place: string,
  end: string,
  sample: Required<Sample>,
): Promise<void> {
  const before = await processor.spent();
  const took = await page.evaluate(
    async ([place, end]) => {
      const start = performance.timeOrigin + performance.now();
      void globalThis.player.meet({ place, at: 0, own: "", other: "never" });
      return (await globalThis.player.becomes(end)) - start;
    },
    [place, end] as const,
  );
  sample.values.push(took);
  sample.cpu.push((await processor.spent()) - before);
}

/** From the order to open a stored room until its text is there. */
async function openAgain(
  sample: Required<Sample>,
  paper: Trace,
  page: Page,
  id: string,
): Promise<void> {
  await page.evaluate(() => globalThis.coveyRoom?.leave());
  await page.reload();
  await teams.readyCovey(page);
  const processor = await Processor.of(page);
  const before = await processor.spent();
  const took = await page.evaluate(
    async ([id, end]) => {
      const start = performance.timeOrigin + performance.now();
      void globalThis.player.meet({ place: id, at: 0, own: "", other: "never" });
      return (await globalThis.player.becomes(end)) - start;
    },
    [id, paper.end] as const,
  );
  sample.values.push(took);
  sample.cpu.push((await processor.spent()) - before);
}
