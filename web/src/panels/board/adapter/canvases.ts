/**
 * Bounds the memory of drawn elements. Excalidraw paints every element on a canvas of its own, up to 64 MiB each, and
 * keeps it for as long as the element is there. `vite.excalidraw.ts` adds two bounds. Elements in view share `VIEW`, so
 * very many or very large ones are drawn coarser. Of elements out of view no more than as much is kept.
 */
import type { SceneElement } from "../codec/element";

/** Pixels of all that is in view, 384 MiB: a screen of 3,840 by 2,160 is covered twelve times. All are laid over each
 * other for every frame, which takes about a tenth of a second without a graphics card. */
export const VIEW = 6 * 4_096 * 4_096;
/** Pixels of one element: Excalidraw's own bound. */
const MOST = 4_096 * 4_096;

interface Painted {
  element: SceneElement;
  canvas: HTMLCanvasElement;
  boundTextCanvas: HTMLCanvasElement;
  /** One that differs from the page's makes Excalidraw paint it anew. */
  theme: string;
}

declare global {
  /** Called by Excalidraw, which is changed to do so. */
  var coveyCanvases: Canvases | undefined;
}

export class Canvases {
  /** Pixels that one element may have at present. */
  private share = MOST;
  private painted: WeakRef<Painted>[] = [];
  /** Pixels painted since what is out of view was last given up. */
  private pixels = 0;

  /** The page is about to be drawn with these in view. */
  readonly view = (visible: readonly SceneElement[], zoom: number): void => {
    const scale = zoom * devicePixelRatio;
    this.share = shareOf(
      visible.map((element) => areaOf(element, scale)),
      VIEW,
      MOST,
    );
    if (this.pixels > VIEW) this.giveUp(new Set(visible));
  };

  /** The scale at which an element of this size is painted, `wanted` at most. */
  readonly scale = (element: SceneElement, width: number, height: number, wanted: number): number => {
    const area = isLabelled(element) ? Math.max(width, height) ** 2 : width * height;
    return area * wanted * wanted > this.share ? Math.sqrt(this.share / area) : wanted;
  };

  readonly keep = (painted: Painted): Painted => {
    const { canvas, boundTextCanvas } = painted;
    this.pixels += canvas.width * canvas.height + boundTextCanvas.width * boundTextCanvas.height;
    this.painted.push(new WeakRef(painted));
    return painted;
  };

  private giveUp(visible: ReadonlySet<SceneElement>): void {
    this.pixels = 0;
    this.painted = this.painted.filter((ref) => {
      const painted = ref.deref();
      if (!painted) return false;
      // A canvas that had more when less was in view is painted anew.
      const isFair = painted.canvas.width * painted.canvas.height <= 2 * this.share;
      if (isFair && visible.has(painted.element)) return true;
      painted.theme = "";
      for (const canvas of [painted.canvas, painted.boundTextCanvas]) canvas.width = canvas.height = 0;
      return false;
    });
  }
}

/** The most that each may have, so that all together have no more than `sum`; the small ones get all they want. */
export function shareOf(wanted: readonly number[], sum: number, most: number): number {
  let [left, count] = [sum, wanted.length];
  if (wanted.reduce((all, one) => all + Math.min(one, most), 0) <= sum) return most;
  for (const one of [...wanted].sort((a, b) => a - b)) {
    if (one * count > left) break;
    left -= one;
    count -= 1;
  }
  return count === 0 ? most : Math.min(most, left / count);
}

function areaOf(element: SceneElement, scale: number): number {
  const [width, height] = [Number(element.width), Number(element.height)];
  if (isLabelled(element)) return 2 * (Math.max(width, height) * scale) ** 2;
  return Math.abs(width * height) * scale * scale;
}

/** An arrow with a label is painted once more on a square as long as it is, to leave room for the label. */
function isLabelled({ type, boundElements }: SceneElement): boolean {
  const bound = (boundElements ?? []) as readonly { type: string }[];
  return type === "arrow" && bound.some((one) => one.type === "text");
}

globalThis.coveyCanvases ??= new Canvases();
