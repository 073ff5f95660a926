/** The board: seen while it is drawn, equal for everyone in the end, and everyone's undo their own. */
import { expect, test } from "vitest";
import { Board, lookAlike } from "./harness/board";
import { becomes, until } from "./harness/condition";
import { play, together, type Stage } from "./harness/stage";

async function boards(stage: Stage): Promise<[Board, Board]> {
  const [alice, bob] = await stage.pair();
  return [await new Board(alice).open(), await new Board(bob).open()];
}

test(
  "a stroke is seen while it is drawn, and stored once when it is finished",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    await alice.choose("freedraw");
    await alice.press([300, 300], [340, 350], [400, 300], [450, 360]);
    const id = await until("Bob sees the draft", async () => (await bob.drafts())[0]);
    expect((await bob.element(id))?.type).toBe("freedraw");
    expect(await bob.stored()).toEqual([]);
    expect(await alice.stored()).toEqual([]);

    await alice.letGo();
    await becomes("what Bob has stored", async () => (await bob.stored()).join(), id);
    await until("the draft is over", async () => (await bob.drafts()).length === 0);
    await lookAlike(alice, bob, "main");
  }),
);

test(
  "a stroke vanishes if its author leaves before it is finished",
  play(async (stage) => {
    const [alice, bob] = await boards(stage);
    await alice.choose("rectangle");
    await alice.press([300, 300], [400, 380]);
    const id = await until("Bob sees the draft", async () => (await bob.drafts())[0]);
    await alice.person.browser.close();
    await bob.misses(id);
    expect(await bob.stored()).toEqual([]);
    await bob.undo();
    expect(await bob.elements()).toEqual([]);
  }),
);

test(
  "undo takes back one's own only",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    const hers = await alice.draw("rectangle", [300, 200], [400, 280]);
    await bob.sees(hers);
    const his = await bob.draw("ellipse", [500, 200], [600, 280]);
    await alice.sees(his);
    await alice.undo();
    await bob.misses(hers);
    expect(await bob.element(his)).toBeDefined();
    expect(await alice.element(his)).toBeDefined();
    for (let more = 0; more < 3; more += 1) await alice.undo();
    expect(await alice.element(his)).toBeDefined();
    await lookAlike(alice, bob, "main");
  }),
);

test(
  "moving another's element and taking that back leaves the style it got meanwhile",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    const id = await bob.draw("rectangle", [300, 200], [420, 300]);
    await alice.sees(id);
    const start = (await alice.element(id))?.x;
    await alice.select([300, 250]);
    await alice.drag([300, 250], [340, 270], [480, 330]);
    await until("Bob sees it moved", async () => (await bob.element(id))?.x !== start);
    const moved = (await alice.element(id))?.x;
    await becomes("Bob's place of it", async () => (await bob.element(id))?.x, moved);

    await bob.select([480, 330]);
    await bob.paint("#e03131");
    await becomes(
      "Alice's colour of it",
      async () => (await alice.element(id))?.strokeColor,
      "#e03131",
    );
    await alice.undo();
    await becomes("Alice's place of it", async () => (await alice.element(id))?.x, start);
    await becomes("Bob's place of it", async () => (await bob.element(id))?.x, start);
    for (const board of [alice, bob])
      expect((await board.element(id))?.strokeColor).toBe("#e03131");
    await lookAlike(alice, bob, "main");
  }),
);

test(
  "two people draw, move, restyle and delete at once, then one alone without a network, and their pages are equal",
  play(async (stage) => {
    const [alice, bob] = await boards(stage);
    const shared = [
      await alice.draw("rectangle", [260, 120], [340, 180]),
      await alice.draw("diamond", [400, 120], [480, 180]),
      await alice.draw("freedraw", [540, 120], [560, 160], [620, 130]),
    ];
    for (const id of shared) await bob.sees(id);
    await alice.region.getByRole("button", { name: "Add a page" }).click();
    await becomes("Bob's pages", async () => (await bob.pages()).join(), "Page 1,Page 2");
    const second = await alice
      .shown()
      .then(() => alice.page.evaluate(() => globalThis.coveyBoard?.page ?? ""));
    expect(second).not.toBe("main");
    await alice.draw("arrow", [300, 300], [420, 340]);
    await alice.tabs.first().click();
    await until("Alice is back", () =>
      alice.page.evaluate(() => globalThis.coveyBoard?.page === "main"),
    );

    await Promise.all([
      (async () => {
        await alice.select([260, 150]);
        await alice.drag([260, 150], [270, 200], [300, 420]);
        await alice.draw("ellipse", [420, 400], [500, 460]);
        await alice.select([540, 120]);
        await alice.key("Delete");
      })(),
      (async () => {
        await bob.select([420, 135]);
        await bob.paint("#2f9e44");
        await bob.draw("line", [300, 500], [420, 540]);
        await bob.draw("freedraw", [540, 500], [560, 560], [620, 520]);
      })(),
    ]);
    await lookAlike(alice, bob, "main");
    await lookAlike(alice, bob, second);

    await Promise.all([bob.person.offlineReady(), bob.person.saved(), alice.person.delivered()]);
    await bob.person.browser.close();
    await stage.killNode();
    const [before] = await alice.stored();
    await alice.draw("rectangle", [560, 300], [640, 360]);

    await bob.person.arrive();
    await bob.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await bob.page.setViewportSize({ width: 1600, height: 900 });
    await bob.shown();
    expect(await bob.stored()).toContain(before);
    const alone = await bob.draw("diamond", [420, 560], [480, 620]);
    await bob.person.saved();
    await stage.node.restart();
    await until(
      "Alice has what Bob drew alone",
      async () => (await alice.stored()).includes(alone),
      90_000,
    );
    await lookAlike(alice, bob, "main");
    await lookAlike(alice, bob, second);
  }),
  300_000,
);
