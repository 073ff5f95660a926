/** Habits leave the page where it is: saving, dropping files, and printing. */
import { writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import { becomes, until } from "./harness/condition";
import { play } from "./harness/stage";

declare global {
  /** Whether the last Ctrl+S was left to the browser. */
  var leftToBrowser: boolean | undefined;
  /** The pieces that were to be printed. */
  var onPaper: string[] | undefined;
}

test(
  "Ctrl+S reports that everything is saved, in every panel",
  play(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    const { page } = alice;
    await page.evaluate(() =>
      addEventListener("keydown", (event) => (globalThis.leftToBrowser = !event.defaultPrevented), {
        capture: true,
      }),
    );
    const save = async (words: RegExp) => {
      await page.keyboard.press("Control+s");
      await page.getByText(words).waitFor();
      expect(await page.evaluate(() => globalThis.leftToBrowser)).toBe(false);
    };
    await save(/^Covey saves as you go/);
    await alice.createRoom("Saved");
    await alice.type("x", 10);
    await alice.saved();
    await save(/^Everything is saved on this device/);
    expect(await alice.text()).toBe("x");
    const board = await new Board(alice).open();
    const downloads: string[] = [];
    page.on("download", (download) => downloads.push(download.suggestedFilename()));
    await board.focus();
    await save(/^Everything is saved on this device/);
    expect(downloads).toEqual([]);
    expect(await page.getByRole("dialog").count()).toBe(0);
  }),
);

test(
  "a file dropped outside of the panels does not replace the page, and the code takes text files",
  play(async (stage) => {
    const alice = await stage.alone("Dropped");
    const chat = await ChatPanel.of(alice);
    const { page } = alice;
    const path = stage.path("dropped.txt");
    await writeFile(path, "dropped text");
    const places = [
      chat.field,
      chat.region.getByRole("heading").first().or(chat.list).first(),
      page.getByRole("region", { name: "People" }),
      page.getByRole("heading", { name: "Dropped" }),
    ];
    for (const place of places) {
      const box = await place.boundingBox();
      if (!box) throw new Error("not on show");
      await drop(page, path, box.x + box.width / 2, box.y + box.height / 2);
      await page.getByText("Nothing can be dropped here. The board takes images").waitFor();
      expect(page.url()).toBe(`${stage.node.origin}/`);
      expect(await chat.field.inputValue()).toBe("");
    }
    const line = await alice.editor.boundingBox();
    if (!line) throw new Error("not on show");
    await drop(page, path, line.x + 20, line.y + 10);
    await alice.hasText("dropped text");
    expect(await page.evaluate(() => globalThis.coveyRoom !== undefined)).toBe(true);
  }),
);

test(
  "the panel with the focus is printed as a whole",
  play(async (stage) => {
    const alice = stage.person("Alice", { dark: true });
    await alice.arrive();
    await alice.createRoom("On paper");
    const { page } = alice;
    const code = Array.from({ length: 300 }, (_, at) => `line ${at + 1} of the code`);
    await alice.paste(code.join("\n"));
    const chat = await ChatPanel.of(alice);
    const said = Array.from({ length: 80 }, (_, at) => ({
      k: "say",
      text: `words ${at + 1}`,
      at: 1e12,
    }));
    await chat.write(said);
    await chat.sees("words 80");
    await page.evaluate(() =>
      addEventListener("beforeprint", () => {
        const pieces = document.querySelectorAll(".printed pre, .printed-head + div");
        globalThis.onPaper = Array.from(pieces, (piece) => piece.textContent.trim());
      }),
    );

    await alice.goTo("start");
    expect(await sheets(page)).toBeGreaterThan(3);
    expect(await paper(page)).toEqual([code.join("\n")]);

    await chat.field.focus();
    expect(await sheets(page)).toBeGreaterThan(1);
    expect(await paper(page)).toEqual(said.map(({ text }) => text));
    expect(await page.locator(".printed").count()).toBe(0);

    const board = await new Board(alice).open();
    await board.draw("rectangle", [400, 100], [500, 160]);
    const kept = page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          const pressed = (event: Event) => setTimeout(() => resolve(!event.defaultPrevented));
          addEventListener("keydown", pressed, { capture: true, once: true });
        }),
    );
    await board.key("Control+p");
    expect(await kept, "the browser prints").toBe(true);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.locator(".printed canvas").waitFor({ state: "attached" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await becomes("what is to be printed", () => page.locator(".printed").count(), 0);
  }),
);

/** How many sheets it takes. */
async function sheets(page: Page): Promise<number> {
  const file = await page.pdf({ format: "A4" });
  return file.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

function paper(page: Page): Promise<string[]> {
  return until("something was printed", () => page.evaluate(() => globalThis.onPaper));
}

/** Drops a file of the device as a person does. */
async function drop(page: Page, path: string, x: number, y: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await browser.send("Input.dispatchDragEvent", { type, x, y, data });
  await browser.detach();
}
