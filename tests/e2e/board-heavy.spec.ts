/** Elements that are made to be dear to draw: the board stays one, after a reload too, and can be tidied up. */
import { expect, test } from "vitest";
import { expectAccessible } from "./harness/accessibility";
import { Board } from "./harness/board";
import { becomes, until } from "./harness/condition";
import { ATTACKS } from "./harness/attacks";
import { flat, laughs, png, put, putStrokes } from "./harness/elements";
import { memoryOf } from "./harness/memory";
import type { Person } from "./harness/person";
import { play, type Stage } from "./harness/stage";

const PATIENT = 420_000;
/** A browser with an empty board takes some 300 MB; canvases in view and those out of view have 384 MiB each. */
const MEMORY = 1_600e6;

async function two(stage: Stage): Promise<[Board, Person]> {
  const [alice, bob] = await stage.pair();
  return [await new Board(alice).open(), bob];
}

/** Alice draws, and it is there within what is usual; the memory of her browser is bounded. */
async function expectUsable(board: Board, what: string): Promise<void> {
  const from = performance.now();
  const id = await board.draw("rectangle", [320, 240], [380, 300]);
  await board.select([350, 240]);
  await board.key("Delete");
  await board.misses(id);
  const bytes = await memoryOf(board.person.browser.profile);
  console.log(
    `${what}: drawn and deleted in ${Math.round(performance.now() - from)} ms, ${Math.round((bytes ?? 0) / 1e6)} MB`,
  );
  expect(bytes ?? 0, what).toBeLessThan(MEMORY);
}

test(
  "a page with any content can be drawn on, before and after a reload",
  play(async (stage) => {
    const [board, bob] = await two(stage);
    await expectUsable(board, "an empty board");
    for (const [what, attack] of Object.entries(ATTACKS)) {
      await attack(bob);
      const last = `last-${what.length}`;
      await put(bob, "page/main", [[last, flat("ellipse", { x: -300, y: -300 })]]);
      await board.sees(last);
      await expectUsable(board, what);
    }
    expect((await board.elements()).some(({ id }) => id === "huge")).toBe(false);
    await board.person.saved();
    await board.page.reload();
    await board.shown();
    await board.sees("large0");
    await expectUsable(board, "all of it after a reload");

    const bar = board.region.getByRole("status").filter({ hasText: "Not drawn as made" });
    await bar.getByText("500 elements as outlines").waitFor();
    await bar.getByRole("button", { name: "See which" }).click();
    const list = board.region.getByRole("list", { name: "Elements" });
    await list.getByText("Shown as an outline").first().waitFor();
    await board.region.getByRole("button", { name: /^Delete these/ }).click();
    await board.page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await becomes("what is stored", async () => (await board.stored()).length, 0);
    await board.region.getByRole("button", { name: "Show the drawing" }).click();
    await board.shown();
    await expectUsable(board, "emptied");
  }),
  PATIENT,
);

test(
  "a page with too much on it opens as a list, is tidied up by keyboard, and is drawn again",
  play(async (stage) => {
    const [board, bob] = await two(stage);
    const { page, region } = board;
    await board.draw("rectangle", [320, 240], [380, 300]);
    await putStrokes(bob, 45);
    const list = region.getByRole("list", { name: "Elements" });
    await list.getByText("15,000 points").first().waitFor();
    await becomes("rows", () => list.getByRole("listitem").count(), 46);
    await board.person.saved();
    await page.reload();
    await list.getByText("15,000 points").first().waitFor();
    await expectAccessible(board.person, "board, as a list");

    // One by one, without a pointer.
    await list.getByRole("button").first().focus();
    await page.keyboard.press("Enter");
    await becomes("rows", () => list.getByRole("listitem").count(), 45);
    await until("the next row has the focus", () =>
      page.evaluate(() => document.activeElement?.closest("li") !== null),
    );
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await becomes("rows", () => list.getByRole("listitem").count(), 46);

    // All of one person's, and no more.
    const author = region.getByLabel("Last changed by");
    // The person who brought one back has changed it last.
    await author.selectOption({ label: "Bob (44)" });
    await region.getByRole("button", { name: "Delete these 44…" }).click();
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    await expectAccessible(board.person, "board, whether to delete what is listed");
    await question.getByRole("button", { name: "Delete" }).click();
    await becomes("what is stored", async () => (await board.stored()).length, 2);
    await region.getByRole("button", { name: "Show the drawing" }).click();
    await board.shown();
    await becomes("what is drawn", async () => (await board.elements()).length, 2);
    await board.draw("ellipse", [420, 240], [480, 300]);
  }),
  PATIENT,
);

test(
  "one's own SVG becomes a picture, and one that never ends does not",
  play(async (stage) => {
    const [board, bob] = await two(stage);
    const kinds = () =>
      bob.page.evaluate(async () => {
        const view = await globalThis.coveyRoom?.doc("board");
        return [...(view?.doc.getMap("files").values() ?? [])]
          .map((file) => (file as { mime: string }).mime)
          .join();
      });
    const plain = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle r="9"/></svg>`;
    await board.drop("plain.svg", "image/svg+xml", Buffer.from(plain));
    await becomes("files", kinds, "image/webp");
    await until("the image is drawn", async () =>
      (await board.elements()).some(({ type }) => type === "image"),
    );
    await expectUsable(board, "with a drawing of one's own");
    await board.drop("laughs.svg", "image/svg+xml", laughs(10));
    await board.page
      .getByText(/This SVG could not be drawn/)
      .first()
      .waitFor();
    await expectUsable(board, "with none of it");
    await board.drop("large.png", "image/png", png(9_000, 5_000));
    await becomes("files", kinds, "image/webp,image/webp");
    await expectUsable(board, "with pictures of one's own");
  }),
  PATIENT,
);
