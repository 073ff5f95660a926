/** The board on paper: the whole page on one sheet, not only the part on the screen. */
import { getCommonBounds } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { flushSync } from "react-dom";

/** Pixels of the longer edge: sharp on a sheet. */
const LONGEST = 4_096;
/** Room around the drawing, in its own measure. */
const MARGIN = 16;

/**
 * The drawing, made at once, because a browser that prints doesn't wait. Excalidraw draws only what is in its window, so
 * that is moved over the drawing.
 */
export function drawnForPaper(api: ExcalidrawImperativeAPI): HTMLCanvasElement | undefined {
  const screen = document.querySelector<HTMLCanvasElement>(".excalidraw canvas.static");
  const elements = api.getSceneElements();
  if (!screen?.width || elements.length === 0) return undefined;
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
