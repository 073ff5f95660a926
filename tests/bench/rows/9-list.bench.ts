
import { afterAll, beforeAll, test } from "vitest";
import type { Page } from "playwright-core";
import { times } from "../harness/settings";
import { Teams } from "../harness/teams";
import { trace } from "../harness/trace";
const FILE = "file/main";
let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());
async function watch(page: Page) {
  await page.evaluate(() => {
    const g = globalThis as any;
    g.lt = [];
    for (const o of g.obs ?? []) o.disconnect();
    const a = new PerformanceObserver((l) => { for (const e of l.getEntries()) g.lt.push(["task", Math.round(e.startTime), e.duration]); });
    a.observe({ type: "longtask" });
    const b = new PerformanceObserver((l) => { for (const e of l.getEntries() as any[]) g.lt.push(["frame", Math.round(e.startTime), Math.round(e.duration), e.blockingDuration, Math.round(e.renderStart-e.startTime), Math.round(e.styleAndLayoutStart-e.startTime), ...e.scripts.map((x: any) => [x.invoker, x.sourceFunctionName, x.sourceURL.split("/").pop(), Math.round(x.duration), Math.round(x.forcedStyleAndLayoutDuration)].join("|"))]); });
    b.observe({ type: "long-animation-frame" });
    g.obs = [a, b];
  });
}
async function say(name: string, page: Page) {
  await new Promise((r) => setTimeout(r, 700));
  const list = await page.evaluate(() => (globalThis as any).lt as any[]);
  for (const each of list.sort((x,y)=>x[1]-y[1])) console.log(name, JSON.stringify(each));
}
test("list typing", async () => {
  for (let round = 0; round < 3; round += 1) {
    const alice = await newcomer("Alice");
    await watch(alice);
    const link = await found(alice, code(100_000));
    await say("FOUND alice", alice);
    const bob = await invited("Bob", link);
    for (const each of [alice, bob]) await watch(each);
    await pressJoin(bob, "", "");
    await hasLength(bob, 100_000);
    await say("JOIN alice", alice);
    await say("JOIN bob", bob);
    for (const each of [alice, bob]) await watch(each);
    await alice.locator(".cm-content").click();
    for (const key of "the quick brown fox jumps over the lazy dog".repeat(2))
      await alice.keyboard.press(key === " " ? "Space" : key);
    await hasLength(bob, 100_000 + 86);
    await say("TYPE alice", alice);
    await say("TYPE bob", bob);
    const length = times(1_000_000, 100_000);
    await alice.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await alice.evaluate((text) => navigator.clipboard.writeText(text), code(length));
    for (const each of [alice, bob]) await watch(each);
    await alice.keyboard.press("ControlOrMeta+V");
    await hasLength(bob, 100_000 + 86 + length);
    await say("PASTE alice", alice);
    await say("PASTE bob", bob);
    await Promise.all([alice.context().close(), bob.context().close()]);
  }
});
test("list paper", async () => {
  const paper = await trace();
  const alice = await teams.coveyPage();
  const link = await alice.evaluate(
    async ([patches, file]) => {
      const room = await globalThis.covey?.create({ name: "Alice", title: "Paper" });
      globalThis.coveyRoom = room;
      const text = (await room?.doc("code"))?.doc.getText(file);
      let edits = 0;
      for (const [at, gone, come] of patches) {
        if (gone > 0) text?.delete(at, gone);
        if (come !== "") text?.insert(at, come);
        edits += 1;
        if (edits % 200 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      return (await room?.invite({ role: "participant" })) ?? "";
    },
    [paper.patches, FILE] as const,
  );
  await alice.waitForFunction(() => globalThis.coveyRoom?.status.node === "up");
  for (let round = 0; round < 3; round += 1) {
    const bob = await invited("Bob", link);
    await watch(bob);
    await pressJoin(bob, "", "");
    await hasLength(bob, paper.end.length);
    await say("PAPER bob", bob);
    await bob.context().close();
  }
});
/** Lines as people write them: what an editor does with letters drawn by lot says little. */
function code(length: number): string {
  const lines: string[] = [];
  for (let at = 0; at < length / 40; at += 1)
    lines.push(`  total${at % 97} += weigh(items[${at}], "of the ${at % 12}th kind");`);
  return lines.join("\n").slice(0, length);
}

/** Somebody on the entry page, with the engine ready. */
async function newcomer(name: string): Promise<Page> {
  const page = await teams.arena.page(teams.node.origin);
  await page.waitForFunction(() => globalThis.covey !== undefined);
  await page.getByLabel("Your name").fill(name);
  return page;
}

/** Founds a room with a text in it; tells a link into it. */
async function found(page: Page, text: string): Promise<string> {
  await page.getByRole("button", { name: "Create room" }).click();
  await page.locator(".cm-content").waitFor();
  await page.waitForFunction(() => globalThis.coveyRoom?.status.node === "up");
  return page.evaluate(
    async ([file, text]) => {
      const view = await globalThis.coveyRoom?.doc("code");
      view?.doc.getText(file).insert(0, text);
      return (await globalThis.coveyRoom?.invite({ role: "participant" })) ?? "";
    },
    [FILE, text] as const,
  );
}

/** Somebody who has opened a link and can press the button. */
async function invited(name: string, link: string): Promise<Page> {
  const page = await teams.arena.page(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join room", disabled: false }).waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

/** Presses the button, waits for what the other has and writes something; the times of both. */
function pressJoin(
  page: Page,
  wanted: string,
  own: string,
): Promise<[start: number, seen: number]> {
  return page.evaluate(
    async ([file, wanted, own]) => {
      const clock = () => performance.timeOrigin + performance.now();
      const room = new Promise<NonNullable<typeof globalThis.coveyRoom>>((resolve) => {
        let kept: typeof globalThis.coveyRoom;
        Object.defineProperty(globalThis, "coveyRoom", {
          configurable: true,
          get: () => kept,
          set: (room: typeof kept) => {
            kept = room;
            if (room) resolve(room);
          },
        });
      });
      const start = clock();
      const buttons = [...document.querySelectorAll("button")];
      buttons.find((button) => button.textContent.trim() === "Join room")?.click();
      const text = (await (await room).doc("code")).doc.getText(file);
      if (own !== "") text.insert(0, own);
      await new Promise<void>((resolve) => {
        const look = () => text.toJSON().includes(wanted) && resolve();
        text.observe(look);
        look();
      });
      return [start, clock()];
    },
    [FILE, wanted, own] as const,
  );
}

async function hasLength(page: Page, length: number): Promise<void> {
  await page.evaluate(
    async ([file, length]) => {
      const view = await globalThis.coveyRoom?.doc("code");
      const text = view?.doc.getText(file);
      while ((text?.length ?? 0) < length) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    [FILE, length] as const,
  );
}
