/** The board on paper: all that is drawn on the page, on one sheet, whatever part of it is on the screen. */
import { getCommonBounds } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { flushSync } from "react-dom";

/** Pixels of the longer edge: sharp on a sheet. */
const LONGEST = 4_096;
/** Room around the drawing, in its own measure. */
const MARGIN = 16;

export interface Printing {
  /** The page is being drawn for paper: it is not its person who scrolls. */
  readonly isOn: boolean;
  stop(): void;
}

/** Puts the drawing on paper where the board is on show and nothing else has the focus. */
export function printBoards(api: ExcalidrawImperativeAPI, host: HTMLElement): Printing {
  const stop = new AbortController();
  const { signal } = stop;
  const paper = document.createElement("div");
  paper.className = "board-paper";
  const printing = {
    isOn: false,
    stop: () => {
      stop.abort();
      paper.remove();
    },
  };
  const before = () => {
    if (!isMeant(host)) return;
    printing.isOn = true;
    const drawing = drawn(api, host);
    printing.isOn = false;
    if (!drawing) return;
    paper.replaceChildren(drawing);
    document.body.append(paper);
  };
  addEventListener("beforeprint", before, { signal });
  addEventListener("afterprint", () => paper.remove(), { signal });
  // It takes the key for itself, and only says what else it could have been.
  const isPrinting = ({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent) =>
    (ctrlKey || metaKey) && !shiftKey && key.toLowerCase() === "p";
  host.addEventListener("keydown", (event) => isPrinting(event) && event.stopPropagation(), {
    capture: true,
    signal,
  });
  return printing;
}

function isMeant(host: HTMLElement): boolean {
  const focused = document.activeElement?.closest(".panel-host");
  return host.offsetWidth > 0 && (!focused || focused.contains(host));
}

/** Excalidraw draws at once only what is in its window, so that is moved over the drawing. */
function drawn(api: ExcalidrawImperativeAPI, host: HTMLElement): HTMLCanvasElement | undefined {
  const screen = host.querySelector<HTMLCanvasElement>("canvas.static");
  const elements = api.getSceneElements();
  if (!screen || elements.length === 0) return undefined;
  const { width, height, scrollX, scrollY, zoom, theme } = api.getAppState();
  const [left, top, right, bottom] = getCommonBounds(elements);
  const [wide, high] = [right - left + 2 * MARGIN, bottom - top + 2 * MARGIN];
  const density = screen.width / width;
  const value = Math.min(1, LONGEST / density / Math.max(wide, high)) as AppState["zoom"]["value"];
  const paper = document.createElement("canvas");
  paper.width = Math.ceil(wide * value * density);
  paper.height = Math.ceil(high * value * density);
  paper.style.width = `${Math.ceil(wide * value)}px`;
  const context = paper.getContext("2d");
  const show = (state: Partial<AppState>) =>
    flushSync(() => api.updateScene({ appState: state as AppState }));
  for (let y = 0; y < high * value; y += height) {
    for (let x = 0; x < wide * value; x += width) {
      const [dx, dy] = [MARGIN - left - x / value, MARGIN - top - y / value];
      // On paper it is never white on black.
      show({ scrollX: dx, scrollY: dy, zoom: { value }, theme: "light" });
      context?.drawImage(screen, x * density, y * density);
    }
  }
  show({ scrollX, scrollY, zoom, theme });
  return paper;
}
