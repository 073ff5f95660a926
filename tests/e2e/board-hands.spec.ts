/** Every edit on the board is stored, however it was made. */
import { expect, test } from "vitest";
import { Board, type Point } from "./harness/board";
import { becomes, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { together } from "./harness/stage";

/** Chooses from the menu of a right click. */
async function fromMenu(board: Board, point: Point, action: string): Promise<void> {
  await board.click(point, "right");
  await board.page.getByTestId(action).click();
}

async function stores(board: Board, what: string, count: number): Promise<string[]> {
  await becomes(what, async () => (await board.stored()).length, count);
  return board.stored();
}

async function again(person: Person): Promise<Board> {
  await person.saved();
  await person.page.reload();
  // It is on show, as it was before.
  return new Board(person).shown();
}

test(
  "a choice from the menu of a right click is stored, and so is an edit by keyboard after it",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    const board = await new Board(alice).open();
    const id = await board.draw("rectangle", [300, 200], [400, 280]);
    await fromMenu(board, [300, 240], "duplicateSelection");
    const two = await stores(board, "boxes after duplicating", 2);
    await board.key("Delete");
    await stores(board, "boxes after deleting by keyboard", 1);
    await board.undo();
    await stores(board, "boxes after undoing", 2);
    await board.key("Escape");

    await fromMenu(board, [300, 240], "toggleElementLock");
    await becomes("the lock of the box", () => board.field(id, "locked"), true);
    await fromMenu(board, [300, 240], "toggleElementLock");
    await becomes("the lock of the box", () => board.field(id, "locked"), false);

    await fromMenu(board, [300, 240], "copy");
    await fromMenu(board, [500, 500], "paste");
    await stores(board, "boxes after pasting", 3);
    await board.key("ArrowLeft");
    await board.key("ControlOrMeta+d");
    const four = await stores(board, "boxes after Ctrl+D", 4);
    await fromMenu(board, [300, 240], "deleteSelectedElements");
    await stores(board, "boxes after deleting", 3);

    const seen = await new Board(bob).open();
    await until("Bob has no draft", async () => (await seen.drafts()).length === 0);
    const after = await again(alice);
    expect(await after.stored()).toEqual(four.filter((one) => one !== id));
    expect(two).toContain(id);
  }),
  180_000,
);

test(
  "an edit is stored when its pointer is released unseen: a lost pointer, a lost window, a finger taken away",
  together(async (stage) => {
    const alice = await stage.alone("Hands");
    const board = await new Board(alice).open();

    // The window loses the focus while the button is pressed.
    await board.choose("rectangle");
    await board.press([300, 200], [360, 260]);
    await board.page.evaluate(() => dispatchEvent(new Event("blur")));
    await stores(board, "boxes after a lost window", 1);
    await board.letGo();

    // The browser says that a finger is no longer its business.
    await board.choose("ellipse");
    const touch = await board.page.context().newCDPSession(board.page);
    const box = await board.box();
    const finger = (type: "touchStart" | "touchMove" | "touchCancel", x: number, y: number) =>
      touch.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchCancel" ? [] : [{ x: box.x + x, y: box.y + y }],
      });
    await finger("touchStart", 500, 200);
    for (const at of [10, 30, 60]) await finger("touchMove", 500 + at, 200 + at);
    await finger("touchCancel", 0, 0);
    await stores(board, "shapes after a lost finger", 2);

    // The button went up where nobody saw it, and the pointer comes back.
    await board.choose("diamond");
    await board.press([300, 400], [360, 460]);
    const { x, y } = await board.box();
    await touch.send("Input.dispatchMouseEvent", {
      ...{ type: "mouseMoved", x: x + 400, y: y + 480, button: "none", buttons: 0 },
    });
    await stores(board, "shapes after a pointer that came back", 3);
    await board.letGo();
    expect((await board.stored()).length).toBe(3);
  }),
  180_000,
);

test(
  "a text being typed is stored when the typing pauses, and a style when it is chosen",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    const board = await new Board(alice).open();
    await new Board(bob).open();
    await board.choose("selection");
    await board.doubleClick([400, 300]);
    await board.page.keyboard.type("typed and not finished");
    const [id = ""] = await stores(board, "texts", 1);
    await becomes("the text", () => board.field(id, "originalText"), "typed and not finished");
    // Nothing else waits for it: the same editor goes on.
    await board.page.keyboard.type(", and gone on with");
    const whole = "typed and not finished, and gone on with";
    await becomes("the text", () => board.field(id, "originalText"), whole);
    const after = await again(alice);
    const text = await after.element(id);
    expect(text?.text).toBe(whole);
    // It is shown in the middle.
    const { x, y } = await after.origin();
    await after.select([x + (text?.x ?? 0) + 20, y + (text?.y ?? 0) + 12]);
    await after.paint("#e03131");
    await becomes("the colour", () => after.field(id, "strokeColor"), "#e03131");
    await after.region.locator("input[type=range]").fill("40");
    await becomes("how much shines through", () => after.field(id, "opacity"), 40);
  }),
  180_000,
);
