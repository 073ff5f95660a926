
import { afterAll, beforeAll, test } from "vitest";
import type { Page } from "playwright-core";
import { writeFileSync } from "node:fs";
import { longestBlock, watchBlocks } from "../harness/blocks";
import { times } from "../harness/settings";
import { Teams } from "../harness/teams";
const FILE = "file/main";
let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());
async function traced(page: Page, name: string) {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["devtools.timeline", "toplevel", "v8", "v8.execute", "disabled-by-default-v8.cpu_profiler", "blink.user_timing", "disabled-by-default-devtools.timeline", "disabled-by-default-devtools.timeline.stack"] });
  return async () => writeFileSync(`/tmp/tr/${name}.json`, await browser.stopTracing());
}
test("trace typing", async () => {
  for (let round = 0; round < 3; round += 1) {
    const alice = await newcomer("Alice");
    const link = await found(alice, code(100_000));
    const bob = await invited("Bob", link);
    await pressJoin(bob, "", "");
    await hasLength(bob, 100_000);
    for (const each of [alice, bob]) await watchBlocks(each);
    const stop = await traced(round % 2 ? alice : bob, `type${round}`);
    await alice.locator(".cm-content").click();
    for (const key of "the quick brown fox jumps over the lazy dog".repeat(2))
      await alice.keyboard.press(key === " " ? "Space" : key);
    await hasLength(bob, 100_000 + 86);
    console.log("BLOCK typing", round, await longestBlock(alice), await longestBlock(bob));
    await stop();
    const length = times(1_000_000, 100_000);
    await alice.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await alice.evaluate((text) => navigator.clipboard.writeText(text), code(length));
    for (const each of [alice, bob]) await watchBlocks(each);
    const stop2 = await traced(round % 2 ? alice : bob, `paste${round}`);
    await alice.keyboard.press("ControlOrMeta+V");
    await hasLength(bob, 100_000 + 86 + length);
    console.log("BLOCK paste", round, await longestBlock(alice), await longestBlock(bob));
    await stop2();
    await Promise.all([alice.context().close(), bob.context().close()]);
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
