/** Calls: how soon one sees and hears the other, beside a bare peer connection; what a call of several costs. */
import { afterAll, beforeAll, test } from "vitest";
import type { Page } from "playwright-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devices, LOOKS } from "../../e2e/harness/camera";
import { Processor } from "../harness/arena";
import { keep } from "../harness/results";
import { script } from "../harness/scripts";
import { settings, times } from "../harness/settings";
import { Teams } from "../harness/teams";
import type { FirstSeen } from "../pages/calls";

const HEIGHT = 360;
/** So many send; all others watch and listen. */
const SENDERS = 2;
/** Seconds over which processor time and uplink are measured. */
const OVER = times(10, 2);

let teams: Teams;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "covey-bench-call-"));
  teams = await Teams.open(await devices(folder, LOOKS.Alice));
});
afterAll(async () => {
  await teams.close();
  await rm(folder, { recursive: true, force: true });
});

test("first frame and first sound", async () => {
  const [frame, sound] = [samples(), samples()];
  for (let round = 0; round < times(settings.repeat, 1); round += 1) {
    const bare = await bareCall(`${teams.signalling.address}/call-${round}`);
    const covey = await coveyCall();
    for (const [name, { start, ...seen }] of [["bare", bare] as const, ["covey", covey] as const]) {
      frame[name].values.push(seen.frame - start);
      sound[name].values.push(seen.sound - start);
    }
  }
  await keep("call-frame", frame, "one is in the call, one joins; both have their devices");
  await keep("call-sound", sound);
});

test("calls of 2, 4 and 10", async () => {
  const [cpu, uplink] = [
    {} as Record<string, { values: number[] }>,
    {} as Record<string, { values: number[] }>,
  ];
  for (const people of times(3, 1) === 1 ? [2] : [2, 4, 10]) {
    const pages = await room(people);
    const all = pages.map((page, at) =>
      page.evaluate((others) => globalThis.calls.sees(others), seen(at)),
    );
    for (const [at, page] of pages.entries())
      await page.evaluate((sends) => globalThis.calls.join(sends), at < SENDERS);
    await Promise.all(all);
    const processors = await Promise.all(pages.map((page) => Processor.of(page)));
    const spent = () => Promise.all(processors.map((each) => each.spent()));
    const before = await spent();
    await new Promise((resolve) => setTimeout(resolve, OVER * 1000));
    const after = await spent();
    const name = `${people} people`;
    const sender = (after[0] ?? 0) - (before[0] ?? 0);
    cpu[name] = { values: [sender / (OVER * 10)] };
    const bits = await pages[0]?.evaluate(() => globalThis.calls.uplink());
    uplink[name] = { values: [(bits ?? 0) / 1e6] };
    for (const page of pages) await page.context().close();
  }
  await keep("call-cpu", cpu, "the page of one who sends; two send, at 360 lines");
  await keep("call-uplink", uplink);
});

/** How many others one sees who comes as this one: only those who send. */
function seen(at: number): number {
  return at < SENDERS ? SENDERS - 1 : SENDERS;
}

function samples() {
  return { bare: { values: [] as number[] }, covey: { values: [] as number[] } };
}

async function bareCall(place: string): Promise<FirstSeen> {
  const code = await script("calls");
  const pages: Page[] = [];
  for (let at = 0; at < 2; at += 1) {
    const page = await teams.arena.page();
    await page.context().grantPermissions(["camera", "microphone"]);
    await page.evaluate(code);
    await page.evaluate((height) => globalThis.calls.ready(height), HEIGHT);
    pages.push(page);
  }
  const [a, b] = pages as [Page, Page];
  void a.evaluate((place) => globalThis.calls.bare(place), place).catch(() => undefined);
  await teams.signalling.someoneAt(place);
  const seen = await b.evaluate((place) => globalThis.calls.bare(place), place);
  for (const page of pages) await page.context().close();
  return seen;
}

async function coveyCall(): Promise<FirstSeen> {
  const pages = await room(2);
  const [a, b] = pages as [Page, Page];
  await a.evaluate(() => globalThis.calls.join());
  await b.waitForFunction(() => globalThis.coveyRoom?.callSize === 1);
  const seen = await b.evaluate(() => globalThis.calls.joinAndSee());
  for (const page of pages) await page.context().close();
  return seen;
}

/** So many people in one room, all connected directly, with their devices. */
async function room(people: number): Promise<Page[]> {
  const code = await script("calls");
  const pages: Page[] = [];
  let link = "";
  for (let at = 0; at < people; at += 1) {
    const page = await teams.coveyPage();
    await page.context().grantPermissions(["camera", "microphone"]);
    link = await page.evaluate(async (link) => {
      const { covey } = globalThis;
      const room = link
        ? await covey?.join(link, { name: "Bench" })
        : await covey?.create({ name: "Bench", title: "Bench" });
      if (!room) throw new Error("the page's engine is not there");
      globalThis.coveyRoom = room;
      return link || room.invite({ role: "participant" });
    }, link);
    await page.evaluate(code);
    await page.evaluate((height) => globalThis.calls.ready(height), HEIGHT);
    pages.push(page);
  }
  for (const page of pages)
    await page.waitForFunction((others) => {
      const direct = globalThis.coveyRoom?.people.filter(
        (each) => !each.self && each.path === "direct",
      );
      return direct?.length === others;
    }, people - 1);
  return pages;
}
