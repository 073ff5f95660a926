/** Ten people: how long until a newcomer is linked to everybody. */
import { afterAll, beforeAll, test } from "vitest";
import type { Page } from "playwright-core";
import { keep } from "../harness/results";
import { times } from "../harness/settings";
import { Teams } from "../harness/teams";

const PEOPLE = times(10, 3);

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("ten people", async () => {
  const [two, ten] = [[] as number[], [] as number[]];
  for (let round = 0; round < times(5, 1); round += 1) {
    const pages = [await teams.coveyPage()];
    const link = await pages[0]?.evaluate(async () => {
      const room = await globalThis.covey?.create({ name: "Bench", title: "Bench" });
      globalThis.coveyRoom = room;
      return room?.invite({ role: "participant" });
    });
    while (pages.length < PEOPLE) {
      const page = await teams.coveyPage();
      const took = await joins(page, pages, link ?? "");
      pages.push(page);
      if (pages.length === 2) two.push(took);
      if (pages.length === PEOPLE) ten.push(took);
    }
    for (const page of pages) await page.context().close();
  }
  await keep("ten", { "two people": { values: two }, covey: { values: ten } });
});

/** From the start of one who joins until all, it and those who are there, see all directly. */
async function joins(page: Page, others: Page[], link: string): Promise<number> {
  const count = others.length;
  const linked = others.map((other) => other.evaluate(linkedTo, count));
  const start = await page.evaluate(async (link) => {
    const start = performance.timeOrigin + performance.now();
    globalThis.coveyRoom = await globalThis.covey?.join(link, { name: "Bench" });
    return start;
  }, link);
  const seen = await Promise.all([...linked, page.evaluate(linkedTo, count)]);
  return Math.max(...seen) - start;
}

/** When this page was linked directly to so many; runs in the page. */
function linkedTo(count: number): Promise<number> {
  return new Promise((resolve) => {
    const room = globalThis.coveyRoom;
    const look = () => {
      const direct = room?.people.filter((each) => !each.self && each.path === "direct") ?? [];
      if (direct.length >= count) resolve(performance.timeOrigin + performance.now());
    };
    room?.on("people", look);
    look();
  });
}
