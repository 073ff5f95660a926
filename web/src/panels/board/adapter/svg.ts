/** One's own SVG made a picture of dots, before anybody else gets it: what others draw of it is bounded then. */

import { UserError } from "../../../shared/sentences";

/** Of what is drawn: sharp on a screen, and far below what a canvas can be. */
const LONGEST = 2_560;
const PATIENCE = 5_000;
/** Bytes of text: drawings of programs have some hundred thousand. */
const TEXT = 4 * 1024 * 1024;
/** Elements once everything that is used several times is counted as often. */
const DRAWN = 50_000;
/** The size of a drawing without one, as in browsers. */
const USUAL = { width: 300, height: 150 };

export class NoPicture extends UserError {
  override readonly name = "NoPicture";

  constructor() {
    super("This SVG could not be drawn: it is too large, too involved, or damaged. Add it as PNG instead.");
  }
}

/** Throws `NoPicture`. */
export async function rasterised(data: Uint8Array): Promise<HTMLCanvasElement> {
  if (data.length > TEXT) throw new NoPicture();
  const root = new DOMParser().parseFromString(
    new TextDecoder().decode(data),
    "image/svg+xml",
  ).documentElement;
  // A browser draws it on the main thread and can't be stopped, so it is counted before.
  if (root.localName !== "svg" || weightOf(root) > DRAWN) throw new NoPicture();
  const { width, height } = sizeOf(root);
  const scale = LONGEST / Math.max(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  root.setAttribute("width", `${canvas.width}`);
  root.setAttribute("height", `${canvas.height}`);
  const image = await loaded(new XMLSerializer().serializeToString(root));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Elements that are drawn in the end, each reference followed: a drawing of a page can ask for a billion. */
export function weightOf(root: Element): number {
  const byId = new Map<string, Element>();
  for (const element of root.querySelectorAll("[id]"))
    if (!byId.has(element.id)) byId.set(element.id, element);
  const known = new Map<Element, number>();
  const weigh = (element: Element, depth: number): number => {
    const before = known.get(element);
    if (before !== undefined) return before;
    // A reference to itself, or deeper than anything made by hand, is too much.
    if (depth > 200) return Infinity;
    known.set(element, Infinity);
    let weight = 1;
    for (const child of element.children) weight += weigh(child, depth + 1);
    for (const id of references(element)) {
      const target = byId.get(id);
      if (target && !target.contains(element)) weight += weigh(target, depth + 1);
    }
    known.set(element, weight);
    return weight;
  };
  return weigh(root, 0);
}

/** Ids that an element draws, or is drawn with: patterns, masks and markers too. */
function* references(element: Element): Generator<string> {
  for (const { localName, value } of element.attributes) {
    if (localName === "href" && value.startsWith("#")) yield value.slice(1);
    for (const [, id] of value.matchAll(/url\(\s*["']?#([^"')]+)["']?\s*\)/g)) if (id !== undefined) yield id;
  }
}

function sizeOf(root: Element): { width: number; height: number } {
  const [width, height] = ["width", "height"].map((name) => {
    const text = root.getAttribute(name) ?? "";
    return text.endsWith("%") ? NaN : parseFloat(text);
  });
  const box = (root.getAttribute("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , w = NaN, h = NaN] = box;
  if (isEdge(width) && isEdge(height)) {
    // Without it, it would be cut instead of made larger.
    if (!isEdge(w) || !isEdge(h)) root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    return { width, height };
  }
  return isEdge(w) && isEdge(h) ? { width: w, height: h } : USUAL;
}

const isEdge = (edge: number | undefined): edge is number => edge !== undefined && edge > 0 && edge < 1e6;

async function loaded(text: string): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<HTMLImageElement>((resolve, reject) => {
      const image = new Image();
      timer = setTimeout(() => reject(new NoPicture()), PATIENCE);
      image.onload = () => resolve(image);
      image.onerror = () => reject(new NoPicture());
      image.src = address;
    });
  } finally {
    clearTimeout(timer);
    URL.revokeObjectURL(address);
  }
}
