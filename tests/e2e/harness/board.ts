/** Somebody at the board: what they draw and what is on it. */
import type { Locator, Page } from "playwright-core";
import { PATIENCE, until } from "./condition";
import type { Person } from "./person";

interface Drawn {
  id: string;
  type: string;
  x: number;
  y: number;
  strokeColor: string;
  text?: string;
}

declare global {
  /** The board's interface while it is on show. */
  var coveyBoard:
    | {
        readonly page: string;
        pages(): readonly { id: string; name: string }[];
        elements(): Drawn[];
        drafts(): string[];
        skipped(): number;
        cursors(): { name: string; x: number; y: number }[];
        origin(): { x: number; y: number };
        svg(page?: string): Promise<string>;
        png(): Promise<Blob>;
        file(): string;
      }
    | undefined;
}

export type Tool = "rectangle" | "diamond" | "ellipse" | "arrow" | "line" | "freedraw";
export type Point = readonly [x: number, y: number];

const KEYS: Record<Tool, string> = {
  rectangle: "r",
  diamond: "d",
  ellipse: "o",
  arrow: "a",
  line: "l",
  freedraw: "p",
};

export class Board {
  constructor(readonly person: Person) {}

  get page(): Page {
    return this.person.page;
  }

  get region(): Locator {
    return this.page.getByRole("region", { name: "Board" });
  }

  get canvas(): Locator {
    return this.region.locator("canvas.interactive");
  }

  get tabs(): Locator {
    return this.region.getByRole("navigation", { name: "Pages" }).locator("[data-tab]");
  }

  /** Shows the board, on a screen with room for all of Excalidraw. */
  async open(): Promise<this> {
    await this.page.setViewportSize({ width: 1600, height: 900 });
    await this.page
      .getByRole("group", { name: "Panels" })
      .getByRole("button", { name: "Board", exact: true })
      .click();
    return this.shown();
  }

  /** The board is on show and loaded. */
  async shown(): Promise<this> {
    await this.canvas.waitFor({ timeout: PATIENCE });
    await until(`${this.person.name}: the board is loaded`, () =>
      this.page.evaluate(() => globalThis.coveyBoard !== undefined),
    );
    return this;
  }

  // What is done

  /** Points are from the upper left corner of the canvas. */
  async press(...points: [Point, ...Point[]]): Promise<void> {
    const [first, ...others] = await Promise.all(points.map((point) => this.at(point)));
    if (first) await this.page.mouse.move(...first);
    await this.page.mouse.down();
    for (const point of others) await this.page.mouse.move(...point, { steps: 4 });
  }

  async letGo(): Promise<void> {
    await this.page.mouse.up();
  }

  async drag(...points: [Point, ...Point[]]): Promise<void> {
    await this.press(...points);
    await this.letGo();
  }

  async click(point: Point, button: "left" | "right" = "left"): Promise<void> {
    await this.page.mouse.click(...(await this.at(point)), { button });
  }

  async doubleClick(point: Point): Promise<void> {
    await this.page.mouse.dblclick(...(await this.at(point)));
  }

  async hover(point: Point): Promise<void> {
    await this.page.mouse.move(...(await this.at(point)));
  }

  async choose(tool: Tool | "selection"): Promise<void> {
    await this.focus();
    await this.page.keyboard.press(tool === "selection" ? "v" : KEYS[tool]);
  }

  /** Draws one thing and waits until it is there. */
  async draw(tool: Tool, ...points: [Point, Point, ...Point[]]): Promise<string> {
    const before = new Set((await this.elements()).map(({ id }) => id));
    await this.choose(tool);
    // On a page with much on it the next frame may be a while away.
    await this.region.locator(`[data-testid="toolbar-${tool}"]:checked`).waitFor({
      state: "attached",
      timeout: PATIENCE,
    });
    await this.drag(...points);
    return until(`${this.person.name} drew`, async () => {
      const now = await this.elements();
      return now.find(({ id }) => !before.has(id))?.id;
    });
  }

  /** Selects what has its outline here. */
  async select(point: Point): Promise<void> {
    await this.choose("selection");
    await this.page.keyboard.press("Escape");
    await this.page.mouse.click(...(await this.at(point)));
  }

  async key(key: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press(key);
  }

  async undo(): Promise<void> {
    await this.key("Control+z");
  }

  /** Gives what is selected a colour of the palette. */
  async paint(color: string): Promise<void> {
    await this.region.locator(`.color-picker__button[title^="${color}"]`).first().click();
  }

  /** Drops a picture of noise, too large to be stored as it is, or several at once. */
  async dropPicture(count = 1): Promise<void> {
    await this.canvas.evaluate(async (canvas, count) => {
      const picture = document.createElement("canvas");
      picture.width = 1_400;
      picture.height = 900;
      const context = picture.getContext("2d");
      const noise = context?.createImageData(1_400, 900);
      if (!context || !noise) throw new Error("no canvas");
      for (let at = 0; at < noise.data.length; at += 65_536) {
        crypto.getRandomValues(noise.data.subarray(at, at + 65_536));
      }
      context.putImageData(noise, 0, 0);
      const blob = await new Promise<Blob | null>((resolve) =>
        picture.toBlob(resolve, "image/png"),
      );
      if (!blob || blob.size <= 512 * 1024) throw new Error("the picture is too small");
      const dataTransfer = new DataTransfer();
      for (let i = 0; i < count; i += 1)
        dataTransfer.items.add(new File([blob], `noise${i}.png`, { type: "image/png" }));
      const { left, top } = canvas.getBoundingClientRect();
      const place = { clientX: left + 500, clientY: top + 450, bubbles: true, cancelable: true };
      canvas.dispatchEvent(new DragEvent("drop", { ...place, dataTransfer }));
    }, count);
  }

  /** Drops a file from the device. */
  async drop(name: string, type: string, data: Uint8Array): Promise<void> {
    await this.canvas.evaluate(
      (canvas, [name, type, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], name, { type }));
        const { left, top } = canvas.getBoundingClientRect();
        const place = { clientX: left + 500, clientY: top + 450, bubbles: true, cancelable: true };
        canvas.dispatchEvent(new DragEvent("drop", { ...place, dataTransfer }));
      },
      [name, type, Buffer.from(data).toString("base64")] as const,
    );
  }

  async focus(): Promise<void> {
    await this.region.locator(".excalidraw-container").focus();
  }

  // What is seen

  elements(): Promise<Drawn[]> {
    return this.page.evaluate(() => globalThis.coveyBoard?.elements() ?? []);
  }

  async element(id: string): Promise<Drawn | undefined> {
    return (await this.elements()).find((element) => element.id === id);
  }

  drafts(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.coveyBoard?.drafts() ?? []);
  }

  svg(page?: string): Promise<string> {
    return this.page.evaluate(async (page) => (await globalThis.coveyBoard?.svg(page)) ?? "", page);
  }

  /** The stored elements of a page. */
  stored(page = "main"): Promise<string[]> {
    return this.page.evaluate(async (page) => {
      const view = await globalThis.coveyRoom?.doc("board");
      return [...(view?.doc.getMap(`page/${page}`).keys() ?? [])].sort();
    }, page);
  }

  /** A field of an element as it is stored. */
  field(id: string, name: string): Promise<unknown> {
    return this.page.evaluate(
      async ([id, name]) => {
        const view = await globalThis.coveyRoom?.doc("board");
        const stored = view?.doc.getMap<Record<string, unknown>>("page/main").get(id);
        return stored?.[name];
      },
      [id, name] as const,
    );
  }

  pages(): Promise<string[]> {
    return this.tabs.allInnerTexts();
  }

  async sees(id: string): Promise<void> {
    await until(
      `${this.person.name} sees ${id}`,
      async () => (await this.element(id)) !== undefined,
    );
  }

  async misses(id: string): Promise<void> {
    await until(
      `${this.person.name} misses ${id}`,
      async () => (await this.element(id)) === undefined,
    );
  }

  /** Where the page's own zero point is on the canvas. */
  origin(): Promise<{ x: number; y: number }> {
    return this.page.evaluate(() => globalThis.coveyBoard?.origin() ?? { x: 0, y: 0 });
  }

  async box(): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("the board is not on show");
    return box;
  }

  private async at([x, y]: Point): Promise<[number, number]> {
    const box = await this.box();
    return [box.x + x, box.y + y];
  }
}

/** Every page looks the same to everyone, and is not empty. */
export async function lookAlike(one: Board, other: Board, page: string): Promise<void> {
  await until(`page ${page} looks alike`, async () => {
    const [mine, theirs] = await Promise.all([one.svg(page), other.svg(page)]);
    return mine === theirs && mine.includes("<path");
  });
}
