/** What people draw stays a drawing: its texts, links, ids, images and names run nothing and ask nobody for anything. */
import { expect, test } from "vitest";
import { Board } from "./harness/board";
import { until } from "./harness/condition";
import { PAYLOADS } from "./harness/payloads";
import type { Person } from "./harness/person";
import { flat, put, words } from "./harness/elements";
import { together, type Stage } from "./harness/stage";
import { Trap } from "./harness/trap";

const PATIENT = 300_000;
/** An image in good order, but for what it wants to do. */
const BUSY = `<script>coveyTrap()</script><style>@import "https://elsewhere.example/a.css";</style>
  <image href="https://elsewhere.example/a.png" onerror="coveyTrap()"/>
  <rect width="9" height="9"><set attributeName="x" onbegin="coveyTrap()"/></rect>
  <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="coveyTrap()"/></body></foreignObject>`;

/** Alice before the board, and Bob, who writes into it what no board of ours writes. */
async function victim(stage: Stage): Promise<[Board, Person, Trap]> {
  const [alice, bob] = await stage.pair();
  const board = await new Board(alice).open();
  return [board, bob, await Trap.set(alice)];
}

/** What Alice's board is drawn from, until `done` says that all of it is there. */
function showing(board: Board, what: string, done: (texts: string[]) => boolean): Promise<true> {
  return until(what, async () => {
    const texts = await board.page.evaluate(() =>
      (globalThis.coveyBoard?.elements() ?? []).map(({ text }) => text ?? ""),
    );
    return done(texts);
  });
}

test(
  "script in texts, links, names of frames and every field of an element does not run",
  together(async (stage) => {
    const [board, bob, trap] = await victim(stage);
    await put(bob, "page/main", [
      ...PAYLOADS.map((text, i): [string, unknown] => [
        `text${i}`,
        words(text.slice(0, 2_000), { x: (i % 8) * 160, y: Math.floor(i / 8) * 40, link: text }),
      ]),
      ...PAYLOADS.map((name, i): [string, unknown] => [
        `frame${i}`,
        flat("frame", { name: name.slice(0, 200), y: 600 + i, link: name, frameId: name }),
      ]),
      ["safe", flat("rectangle", { y: -80, link: "https://elsewhere.example/a" })],
    ]);
    await showing(board, "all texts are there", (texts) =>
      PAYLOADS.every((text) => texts.includes(text.slice(0, 2_000))),
    );
    await trap.holds("on the board");

    // Each field of an element, and each nested one, holds each of them.
    const odd = PAYLOADS.flatMap((text) => {
      const some = text.slice(0, 300);
      const nested = JSON.stringify({ [some]: some });
      const fields = ["strokeColor", "fillStyle", "x", "index", "version", "opacity", "updated"];
      return [
        ...fields.map((name) => flat("rectangle", { [name]: some })),
        ...["groupIds", "roundness", "boundElements", "customData"].map((name) =>
          flat("rectangle", { [name]: nested }),
        ),
        flat(some),
        flat("image", { fileId: some, scale: nested, crop: nested }),
        flat("arrow", { points: some, startBinding: nested }),
        words("odd", { fontFamily: some, textAlign: some, containerId: some }),
      ];
    });
    const inherited = ["__proto__", "constructor", "valueOf", "toString", "hasOwnProperty"];
    const records = inherited.map((name) =>
      flat("rectangle", { roundness: `{"type":2,"${name}":1}`, customData: `{"${name}":{"x":1}}` }),
    );
    await put(
      bob,
      "page/main",
      [...odd, ...records, null, 1, "x", [], {}, true].map((value, i) => [`odd${i}`, value]),
    );
    await put(
      bob,
      "page/main",
      [...PAYLOADS.map((text) => text.slice(0, 60)), ...inherited].map((id) => [id, words("id")]),
    );
    await put(bob, "page/main", [["last", words("the last")]]);
    await showing(board, "the last is there", (texts) => texts.includes("the last"));
    await trap.holds("odd elements");
    await board.page.keyboard.press("ControlOrMeta+a");
    await trap.holds("selected");
    await expectClean(board);
  }),
  PATIENT,
);

test(
  "script in names and ids of pages, and in images does not run",
  together(async (stage) => {
    const [board, bob, trap] = await victim(stage);
    await put(
      bob,
      "pages",
      PAYLOADS.map((name, i) => [`p${i}`, { name: name.slice(0, 64), order: "a1" }]),
    );
    await until(
      "all pages are there",
      async () => (await board.tabs.count()) > PAYLOADS.length / 2,
    );
    await trap.holds("names of pages");
    await put(
      bob,
      "pages",
      [...PAYLOADS.map((id) => id.slice(0, 60)), "__proto__", "constructor"].map((id) => [
        id,
        { name: id, order: id, gone: id },
      ]),
    );

    await bob.page.evaluate(
      async (payloads) => {
        const view = await globalThis.coveyRoom?.doc("board");
        if (!view) throw new Error("no room is open");
        const files = view.doc.getMap("files");
        const bytes = (text: string) => new TextEncoder().encode(text);
        view.doc.transact(() => {
          payloads.forEach((text, i) => {
            const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${text}</svg>`;
            files.set(`svg${i}`, { mime: "image/svg+xml", data: bytes(drawing), created: 1 });
            files.set(`html${i}`, { mime: "text/html", data: bytes(text), created: 1 });
            files.set(`mime${i}`, { mime: text.slice(0, 99), data: bytes(text), created: 1 });
            files.set(text.slice(0, 60), { mime: "image/png", data: bytes(text), created: text });
          });
        });
      },
      [BUSY, ...PAYLOADS],
    );
    const image = (fileId: string, i: number) =>
      flat("image", {
        fileId,
        x: (i % 20) * 50,
        y: Math.floor(i / 20) * 50,
        width: 40,
        height: 40,
      });
    const ids = [BUSY, ...PAYLOADS].flatMap((text, i) => [
      `svg${i}`,
      `html${i}`,
      `mime${i}`,
      text.slice(0, 60),
    ]);
    await put(
      bob,
      "page/main",
      ids.map((id, i) => [`i${i}`, image(id, i)]),
    );
    await put(bob, "page/main", [["last", words("the last")]]);
    await showing(board, "the last is there", (texts) => texts.includes("the last"));
    await trap.holds("images");
    // None of them is given to what would draw it, or say to the console that it is broken.
    await expectClean(board, 2);
  }),
  PATIENT,
);

/** What Alice would hand on as a picture has nothing in it that runs or asks. */
async function expectClean(board: Board, fewest = 10): Promise<void> {
  const found = await board.page.evaluate(async (fewest) => {
    const text = (await globalThis.coveyBoard?.svg()) ?? "";
    const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
    const all = [...drawing.querySelectorAll("*")];
    const addresses = all.flatMap((element) =>
      ["href", "xlink:href", "src"].flatMap((name) => element.getAttribute(name) ?? []),
    );
    return {
      elements: all.length > fewest,
      names: all
        .map(({ localName }) => localName)
        .filter((name) => /^(script|foreignObject|iframe|html)$/.test(name)),
      handlers: all
        .flatMap((element) => element.getAttributeNames())
        .filter((name) => name.startsWith("on")),
      addresses: addresses.filter(
        (address) => !/^(https?:\/\/|mailto:|#|data:image\/|data:font\/)/.test(address),
      ),
    };
  }, fewest);
  expect(found).toEqual({ elements: true, names: [], handlers: [], addresses: [] });
}
