/** Splits an element that is too long into parts: a text below itself, a stroke from where it left off. */
import { LETTER, SIZE, STROKE, TEXT } from "../codec/limits";
import type { SceneElement } from "../codec/element";

type Point = readonly [number, number];

interface Size {
  width: number;
  height: number;
}

/** The size of a text as it is drawn. */
export type Measure = (element: SceneElement, text: string) => Size;

/** No letter is wider than this many times its height. */
const WIDEST = 1.5;
/** Parts at most: more would be an element of another page's size. */
const MOST = 200;

/**
 * The parts, the first in the place of the element; `undefined` if it is of no kind that has parts, or has too many.
 */
export function split(
  element: SceneElement,
  newId: () => string,
  measure: Measure,
): SceneElement[] | undefined {
  const parts =
    element.type === "text"
      ? texts(element, measure)
      : element.type === "freedraw"
        ? strokes(element)
        : undefined;
  if (!parts || parts.length > MOST) return undefined;
  return parts.map((part, i) => (i === 0 ? part : { ...part, id: newId(), index: null }));
}

function texts(element: SceneElement, measure: Measure): SceneElement[] | undefined {
  const [fontSize, lineHeight] = [Number(element.fontSize), Number(element.lineHeight)];
  if (!(fontSize > 0 && fontSize <= LETTER && lineHeight > 0)) return undefined;
  const most = Math.max(1, Math.floor(SIZE / (fontSize * lineHeight)));
  const lines = String(element.text)
    .split("\n")
    .flatMap((line) => cut(line, Math.floor(SIZE / (fontSize * WIDEST))));
  let y = Number(element.y);
  return paragraphs(lines, most).map((text, i) => {
    const size = measure(element, text);
    // A label has one box; what goes on below it has none.
    const free = i > 0 && typeof element.containerId === "string" ? { containerId: null } : {};
    const part = {
      ...element,
      ...free,
      ...size,
      y,
      text,
      originalText: text,
      boundElements: i === 0 ? element.boundElements : null,
    };
    y += size.height;
    return part;
  });
}

/** Lines together, as many as one text takes. */
function paragraphs(lines: readonly string[], most: number): string[] {
  const all: string[] = [];
  let [part, length]: [string[], number] = [[], 0];
  for (const line of lines) {
    if (part.length > 0 && (part.length >= most || length + line.length + 1 > TEXT)) {
      all.push(part.join("\n"));
      [part, length] = [[], 0];
    }
    part.push(line);
    length += line.length + 1;
  }
  return [...all, part.join("\n")];
}

/** A line in pieces of at most this length, between words where there are some, and never within a character. */
function cut(line: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most - 1);
    let end = space > most / 2 ? space + 1 : most;
    if (/[\uD800-\uDBFF]/.test(rest.charAt(end - 1))) end -= 1;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

function strokes(element: SceneElement): SceneElement[] {
  const points = element.points as readonly Point[];
  const pressures = (element.pressures ?? []) as readonly number[];
  const parts: SceneElement[] = [];
  // Each begins with the last point of the one before.
  for (let at = 0; at < points.length - 1; at += STROKE - 1) {
    const own = points.slice(at, at + STROKE);
    const [x, y] = own[0] ?? [0, 0];
    const moved = own.map((point): Point => [point[0] - x, point[1] - y]);
    parts.push({
      ...element,
      x: Number(element.x) + x,
      y: Number(element.y) + y,
      ...sizeOf(moved),
      points: moved,
      pressures: pressures.slice(at, at + STROKE),
      lastCommittedPoint: null,
    });
  }
  return parts;
}

function sizeOf(points: readonly Point[]): Size {
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const [x, y] of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { width: right - left, height: bottom - top };
}
