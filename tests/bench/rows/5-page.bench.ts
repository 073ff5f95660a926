/** The page as people use it: how long a join takes with all it shows, how long it is blocked, when it is there. */
import { afterAll, beforeAll, test } from "vitest";
import type { Page } from "playwright-core";
import { longestBlock, watchBlocks } from "../harness/blocks";
import { keep, part } from "../harness/results";
import { settings, times } from "../harness/settings";
import { Teams } from "../harness/teams";
import { trace } from "../harness/trace";

const FILE = "file/main";
const ROUNDS = times(5, 1);

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("connect with all that the page shows", async () => {
  const [took, floor] = [[] as number[], [] as number[]];
  let failures = 0;
  for (let round = 0; round <= times(settings.repeat, 1); round += 1) {
    const pair = await teams.team("floor").pair();
    // Its browser's own attempts fail now and then.
    const bare = await pair.meet(15_000).catch(() => undefined);
    await pair.close();
    const alice = await newcomer("Alice");
    const link = await found(alice, "from alice");
    const bob = await invited("Bob", link);
    const shown = alice.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("code");
      const text = view?.doc.getText("file/main");
      await new Promise<void>((resolve) => {
        text?.observe(() => text.toJSON().includes("from bob") && resolve());
      });
      return performance.timeOrigin + performance.now();
    });
    const [start, seen] = await pressJoin(bob, "from alice", "from bob");
    const end = Math.max(seen, await shown);
    if (round > 0) {
      took.push(end - start);
      if (bare === undefined) failures += 1;
      else floor.push(bare);
    }
    await Promise.all([alice.context().close(), bob.context().close()]);
  }
  await keep("connect-page", { floor: { values: floor, failures }, covey: { values: took } });
});

test("blocks while typing and pasting", async () => {
  const [typing, pasting] = [[] as number[], [] as number[]];
  for (let round = 0; round < ROUNDS; round += 1) {
    const alice = await newcomer("Alice");
    const link = await found(alice, code(100_000));
    const bob = await invited("Bob", link);
    await pressJoin(bob, "", "");
    await hasLength(bob, 100_000);
    for (const each of [alice, bob]) await settled(each);
    for (const each of [alice, bob]) await watchBlocks(each);
    await alice.locator(".cm-content").click();
    for (const key of "the quick brown fox jumps over the lazy dog".repeat(2))
      await alice.keyboard.press(key === " " ? "Space" : key);
    await hasLength(bob, 100_000 + 86);
    typing.push(Math.max(await longestBlock(alice), await longestBlock(bob)));

    const length = times(1_000_000, 100_000);
    await alice.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await alice.evaluate((text) => navigator.clipboard.writeText(text), code(length));
    for (const each of [alice, bob]) await watchBlocks(each);
    await alice.keyboard.press("ControlOrMeta+V");
    await hasLength(bob, 100_000 + 86 + length);
    for (const each of [alice, bob]) await settled(each);
    pasting.push(Math.max(await longestBlock(alice), await longestBlock(bob)));
    await Promise.all([alice.context().close(), bob.context().close()]);
  }
  await keep("block-type", { covey: { values: typing } });
  await keep("block-paste", { covey: { values: pasting } });
});

test("blocks while joining the paper", async () => {
  const paper = await trace();
  // She has the engine only: an editor that follows so many edits takes minutes.
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
  const blocked: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bob = await invited("Bob", link);
    await watchBlocks(bob);
    await pressJoin(bob, "", "");
    await hasLength(bob, paper.end.length);
    await settled(bob);
    blocked.push(await longestBlock(bob));
    await bob.context().close();
  }
  await alice.context().close();
  await keep("block-join", { covey: { values: blocked } }, `trace: ${paper.name}`);
});

test("first paint and when the module is there", async () => {
  const [paint, module, ready] = [[] as number[], [] as number[], [] as number[]];
  for (let round = 0; round < times(10, 1); round += 1) {
    const page = await teams.arena.page(teams.node.origin);
    await page.waitForFunction(() => globalThis.covey !== undefined);
    const seen = await page.evaluate(() => {
      const paints = performance.getEntriesByName("first-contentful-paint");
      const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const wasm = files.find(({ name }) => name.endsWith(".wasm"));
      return { paint: paints[0]?.startTime, wasm: wasm?.responseEnd, ready: performance.now() };
    });
    paint.push(seen.paint ?? NaN);
    module.push(seen.wasm ?? NaN);
    ready.push(seen.ready);
    await page.context().close();
  }
  const note = `the engine can be used after ${part(ready, 0.5).toFixed(0)} ms`;
  await keep("paint", { "module there": { values: module }, covey: { values: paint } }, note);
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

/** Waits until the page shows the text in colours and has nothing more to do. */
async function settled(page: Page): Promise<void> {
  await page.locator('.cm-line span[class]:not([class*="cm-"])').first().waitFor();
  await page.evaluate(async () => {
    for (let times = 0; times < 3; times += 1)
      await new Promise((resolve) => requestIdleCallback(resolve));
  });
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
