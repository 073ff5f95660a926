/** Limits of the board: nobody sees what the others never get, and nothing goes without a word. */
import { expect, test } from "vitest";
import { Board, lookAlike, type Point } from "./harness/board";
import { becomes, until } from "./harness/condition";
import { flat, put, words } from "./harness/elements";
import type { Person } from "./harness/person";
import { together, type Stage } from "./harness/stage";

const PATIENT = 240_000;

async function two(stage: Stage): Promise<[Board, Board]> {
  const [alice, bob] = await stage.pair();
  return [await new Board(alice).open(), await new Board(bob).open()];
}

async function alone(stage: Stage): Promise<[Person, Board]> {
  const alice = await stage.alone("Taken");
  return [alice, await new Board(alice).open()];
}

async function paste(board: Board, at: Point, text: string): Promise<void> {
  await board.page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await board.hover(at);
  await board.key("ControlOrMeta+v");
}

/** Elements as Excalidraw copies them. */
const copied = (...elements: Record<string, unknown>[]) =>
  JSON.stringify({ type: "excalidraw/clipboard", elements, files: {} });
const element = (id: string, type: string, fields: Record<string, unknown> = {}) => ({
  ...{ id, groupIds: [], boundElements: null, isDeleted: false, frameId: null, updated: 1 },
  ...{ roundness: null, link: null, locked: false, ...flat(type, { index: "a0", ...fields }) },
});

/** Waits until this is said. */
async function says(board: Board, sentence: RegExp): Promise<void> {
  await board.page.getByText(sentence).first().waitFor();
}

test(
  "an element that no board can have is split or taken out, and the person is told",
  together(async (stage) => {
    const [board, bob] = await two(stage);
    const text = `${"abcd ".repeat(20_000)}x`;
    await paste(board, [400, 200], text);
    await says(board, /This text is longer .* in 2 parts/);
    const parts = await until("Bob has both parts", async () => {
      const texts = (await bob.elements()).filter(({ type }) => type === "text");
      return texts.length === 2 && texts;
    });
    const letters = (written: string) => written.replace(/\s/g, "");
    expect(letters(parts.map((part) => part.text ?? "").join(""))).toBe(letters(text));
    await becomes("Alice's texts", async () => (await board.elements()).length, 2);
    await board.key("Delete");
    await board.key("ControlOrMeta+a");
    await board.key("Delete");
    await becomes("what Bob has", async () => (await bob.stored()).length, 0);

    const embedded = ["embeddable", "iframe"].map((type) =>
      element(type, type, { width: 200, height: 200, link: "https://example.org" }),
    );
    const frame = element("magic", "magicframe", { name: null, width: 200, height: 200 });
    await paste(
      board,
      [400, 200],
      copied(element("box", "rectangle", { height: 100 }), frame, ...embedded),
    );
    await says(board, /can't show web pages from elsewhere/);
    await becomes(
      "what Alice has",
      async () => (await board.elements()).map(({ type }) => type).join(),
      "rectangle",
    );
    await paste(board, [400, 300], copied(element("huge", "rectangle", { width: 1e7 })));
    await says(board, /larger, or further away/);
    await becomes("what Alice sees", async () => (await board.elements()).length, 1);
    await until("Bob has the rest", async () => (await bob.stored()).length === 1);
    await lookAlike(board, bob, "main");
  }),
  PATIENT,
);

test(
  "a feature that can't work is not offered, and a link is one that others can open",
  together(async (stage) => {
    const [, board] = await alone(stage);
    const { page, region } = board;
    const id = await board.draw("rectangle", [300, 200], [400, 280]);
    await region.locator(".App-toolbar__extra-tools-trigger").click();
    await page.getByTestId("toolbar-laser").waitFor();
    for (const words of [/Web Embed/, /Mermaid/, /^Generate$/])
      expect(await page.getByText(words).and(page.locator(":visible")).count()).toBe(0);
    await page.keyboard.press("Escape");
    await board.click([300, 240], "right");
    await page.getByTestId("duplicateSelection").waitFor();
    for (const action of ["addToLibrary", "copyElementLink"])
      expect(await page.getByTestId(action).isVisible()).toBe(false);
    await page.keyboard.press("Escape");

    const linkTo = async (address: string) => {
      await board.select([300, 240]);
      await board.key("ControlOrMeta+k");
      await page.locator(".excalidraw-hyperlinkContainer-input").fill(address);
      await page.keyboard.press("Enter");
    };
    await linkTo("example.org/page");
    await becomes("the link", () => board.field(id, "link"), "https://example.org/page");
  }),
  PATIENT,
);

test(
  "a label whose box is gone can be selected, erased and deleted",
  together(async (stage) => {
    const [board, bob] = await two(stage);
    const tied = { containerId: "gone", fontSize: 40, width: 200, height: 50, x: 0 };
    await put(bob.person, "page/main", [
      ["one", words("Orphan", { ...tied, y: 0 })],
      ["two", words("Orphan", { ...tied, y: 100 })],
      ["box", flat("rectangle", { x: 0, y: 200, height: 100, frameId: "gone" })],
    ]);
    for (const each of [board, bob]) await each.sees("box");
    const { x, y } = await board.origin();
    await board.select([x + 60, y + 25]);
    await board.key("Delete");
    await bob.misses("one");
    await board.key("e");
    await board.drag([x + 20, y + 60], [x + 60, y + 125], [x + 90, y + 180]);
    await bob.misses("two");
    await becomes("what is left", async () => (await bob.stored()).join(), "box");
  }),
  PATIENT,
);

test(
  "a stroke is under the pointer, wherever the board was moved",
  together(async (stage) => {
    const [, board] = await alone(stage);
    const { page } = board;
    const toggle = (name: string) =>
      page.getByRole("group", { name: "Panels" }).getByRole("button", { name, exact: true });
    const arrange = async (item: string) => {
      await page.getByRole("button", { name: "Arrange Board" }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
      await page.getByRole("menu").waitFor({ state: "detached" });
    };
    const before = await board.element(await board.draw("rectangle", [300, 150], [360, 190]));
    for (const name of ["Chat", "People"]) await toggle(name).click();
    for (const [i, item] of ["Move right", "Move left", "Move right"].entries()) {
      await arrange(item);
      const y = 220 + i * 80;
      const after = await board.element(await board.draw("rectangle", [300, y], [360, y + 40]));
      expect([after?.x, after?.y]).toEqual([before?.x, (before?.y ?? 0) + y - 150]);
    }
  }),
  PATIENT,
);

test(
  "dropped files are what they claim to be, or are refused with a sentence; a drawing replaces nothing",
  together(async (stage) => {
    const [, board] = await alone(stage);
    const types = async () => (await board.elements()).map(({ type }) => type).join();
    await board.draw("rectangle", [300, 150], [360, 190]);
    const header = Buffer.from("89504e470d0a1a0a0000000d49484452000000400000004008060000", "hex");
    const untrue: [name: string, type: string, data: Buffer, said: RegExp][] = [
      [
        "cut.png",
        "image/png",
        Buffer.concat([header, Buffer.alloc(400, 7)]),
        /^cut.png: .*damaged, or no pic/,
      ],
      [
        "notes.png",
        "image/png",
        Buffer.from("Not a picture at all"),
        /^notes.png: .*damaged, or no pic/,
      ],
      ["paper.pdf", "application/pdf", Buffer.from("%PDF-1.7"), /Only pictures and files/],
      ["shapes.excalidrawlib", "", Buffer.from("{}"), /Libraries of Excalidraw/],
    ];
    for (const [name, type, data, said] of untrue) {
      await board.drop(name, type, data);
      await says(board, said);
      expect(await types()).toBe("rectangle");
      expect(await board.page.locator(".Modal__background").count()).toBe(0);
    }
    const file = await board.page.evaluate(() => globalThis.coveyBoard?.file() ?? "");
    await board.drop("drawing.excalidraw", "", Buffer.from(file));
    await becomes("what is drawn", types, "rectangle,rectangle");
    await board.dropPicture(2);
    await becomes("what is drawn", types, "rectangle,rectangle,image,image");
    await becomes("what is stored", async () => (await board.stored()).length, 4);
  }),
  PATIENT,
);

test(
  "a print shows the whole page of the board, and nothing else",
  together(async (stage) => {
    const [, board] = await alone(stage);
    const { page } = board;
    await board.draw("rectangle", [300, 150], [360, 190]);
    await board.hover([500, 400]);
    for (let turns = 0; turns < 6; turns += 1) await page.mouse.wheel(900, 700);
    const last = await board.draw("ellipse", [400, 300], [460, 340]);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const paper = page.locator(".printed canvas");
    await paper.waitFor();
    expect(await page.locator("header").first().isVisible()).toBe(false);
    // Something is drawn in both corners that are shapes, and none of it is cut.
    const ink = await paper.evaluate((canvas) => {
      const paper = canvas as HTMLCanvasElement;
      const { width, height } = paper;
      const data = paper.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      const dark = (x0: number, y0: number, x1: number, y1: number) => {
        for (let y = y0; y < y1; y += 1)
          for (let x = x0; x < x1; x += 1)
            if ((data[(y * width + x) * 4] ?? 255) < 100) return true;
        return false;
      };
      const [w, h] = [Math.ceil(width / 10), Math.ceil(height / 10)];
      return [
        dark(0, 0, w, h),
        dark(width - w, height - h, width, height),
        dark(0, height - h, w, height),
        dark(0, 0, width, 2),
      ];
    });
    expect(ink).toEqual([true, true, false, false]);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: null });
    await page.locator("header").first().waitFor();
    await board.select([400, 320]);
    await board.key("Delete");
    await board.misses(last);
  }),
  PATIENT,
);
