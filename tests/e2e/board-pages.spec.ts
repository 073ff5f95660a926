/** The board's pages, who may only look at it, pictures and files, and following somebody over it. */
import { expect, test } from "vitest";
import { Board, lookAlike } from "./harness/board";
import { becomes, until } from "./harness/condition";
import { together, type Stage } from "./harness/stage";

async function boards(stage: Stage): Promise<[Board, Board]> {
  const [alice, bob] = await stage.pair();
  return [await new Board(alice).open(), await new Board(bob).open()];
}

test(
  "pages are added, renamed, moved and deleted, and a deletion taken back",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    const see = (names: string) =>
      Promise.all(
        [alice, bob].map((board) =>
          becomes("the pages", async () => (await board.pages()).join(), names),
        ),
      );
    const add = alice.region.getByRole("button", { name: "Add a page" });
    await add.click();
    await add.click();
    await see("Page 1,Page 2,Page 3");

    await alice.tabs.nth(1).dblclick();
    await alice.page.keyboard.type("Plan");
    await alice.page.keyboard.press("Enter");
    await see("Page 1,Plan,Page 3");
    await bob.tabs.nth(0).focus();
    await bob.page.keyboard.press("F2");
    await bob.page.keyboard.type("Start");
    await bob.page.keyboard.press("Enter");
    await see("Start,Plan,Page 3");

    await alice.tabs.nth(2).click();
    await alice.tabs.nth(2).focus();
    await alice.page.keyboard.press("Alt+ArrowLeft");
    await see("Start,Page 3,Plan");
    // Onto the half of it that is further on.
    const { width } = (await bob.tabs.nth(2).boundingBox()) ?? { width: 0 };
    await bob.tabs.nth(0).dragTo(bob.tabs.nth(2), { targetPosition: { x: width - 4, y: 10 } });
    await see("Page 3,Plan,Start");

    await alice.tabs.nth(1).click();
    await alice.tabs.nth(1).focus();
    await alice.page.keyboard.press("Delete");
    await see("Page 3,Start");
    await alice.page
      .getByRole("button", { name: "Undo", exact: true })
      .and(alice.page.locator("[data-button]"))
      .click();
    await see("Page 3,Plan,Start");
  }),
);

test(
  "a viewer sees all of the board and cannot draw",
  together(async (stage) => {
    const alice = await stage.alone("To look at");
    const link = await alice.invite("viewer");
    const hers = await new Board(alice).open();
    const id = await hers.draw("rectangle", [300, 200], [400, 300]);
    const vera = stage.person("Vera");
    await vera.join(link);
    const board = await new Board(vera).open();
    await board.sees(id);
    await board.choose("rectangle");
    await board.drag([450, 400], [520, 460]);
    await board.key("Delete");
    const next = await hers.draw("ellipse", [500, 200], [600, 280]);
    await board.sees(next);
    await becomes(
      "what Vera has stored",
      async () => (await board.stored()).join(),
      [id, next].sort().join(),
    );
    expect(await board.region.getByRole("button", { name: "Add a page" }).count()).toBe(0);
    await lookAlike(hers, board, "main");
  }),
);

test(
  "pointers carry names, exported pictures and files hold the drawing, and an image arrives",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    await bob.draw("rectangle", [300, 200], [400, 300]);
    await until("Alice sees Bob's pointer", () =>
      alice.page.evaluate(() =>
        globalThis.coveyBoard?.cursors().some(({ name }) => name === "Bob"),
      ),
    );

    const [size, file] = await bob.page.evaluate(
      async () =>
        [
          (await globalThis.coveyBoard?.png())?.size ?? 0,
          globalThis.coveyBoard?.file() ?? "",
        ] as const,
    );
    expect(size).toBeGreaterThan(500);
    expect(JSON.parse(file)).toMatchObject({
      type: "excalidraw",
      elements: [{ type: "rectangle" }],
    });
    expect(await bob.svg()).toContain("<path");

    await bob.dropPicture();
    await until("Alice has the image", async () => (await alice.svg()).includes("data:image/"));
    await lookAlike(alice, bob, "main");
  }),
);

test(
  "following a person shows their view, on any page",
  together(async (stage) => {
    const [alice, bob] = await boards(stage);
    await bob.draw("rectangle", [300, 200], [400, 300]);
    // Beside other panels there is no room for everybody's initials.
    await alice.region.locator(".UserList__more").click();
    await alice.page.locator(".UserList__collaborator").filter({ hasText: "Bob" }).click();
    await alice.region.locator(".follow-mode").getByText("Bob").waitFor();
    await bob.region.getByRole("button", { name: "Add a page" }).click();
    const page = (board: Board) => board.page.evaluate(() => globalThis.coveyBoard?.page);
    const second = await until("Bob's second page", async () => {
      const on = await page(bob);
      return on !== "main" && on;
    });
    await becomes("the page that Alice is on", () => page(alice), second);
    await alice.region.locator(".follow-mode").getByText("Bob").waitFor();
  }),
);
