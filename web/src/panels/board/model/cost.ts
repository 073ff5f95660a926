/** The cost of drawing an element, computed from its fields alone, before the drawing surface gets it. */
import type { SceneElement } from "../codec/element";
import { LINES, PATTERN } from "../codec/limits";

type Point = readonly [number, number];

/** Beyond this many pixels an element is drawn on a canvas that is no larger. */
const CANVAS = 4_096 * 4_096;
/** Steps over an outline, and units of painted line, that take as long as making one line. */
const STEPS = 16;
const PAINT = 2_000;
/** The shortest period of dots along a line. */
const DOTS = 7.5;

const known = new WeakMap<SceneElement, number>();

/**
 * Lines of the pattern that fills an element, and the dashes of its outline. Elements are never changed in place here.
 */
export function linesOf(element: SceneElement): number {
  let lines = known.get(element);
  if (lines === undefined) {
    lines = patternOf(element) + dashesOf(element);
    known.set(element, lines);
  }
  return lines;
}

/** An element without what makes it costly: its outline, drawn once and straight. */
export function outlineOf(element: SceneElement): SceneElement {
  return { ...element, backgroundColor: "transparent", strokeStyle: "solid", roughness: 0 };
}

/** The fields that `outlineOf` takes away. */
export const ORNAMENTS = ["backgroundColor", "strokeStyle", "roughness"] as const;

/**
 * Chooses the elements drawn as outlines, so that those drawn whole have at most `most` lines: the costliest first,
 * of equal ones the later id. The choice is the same on every page with the same elements.
 */
export function outlined(elements: Iterable<SceneElement>, most: number): ReadonlySet<string> {
  const bare = new Set<string>();
  const dear: SceneElement[] = [];
  let sum = 0;
  for (const element of elements) {
    const lines = linesOf(element);
    if (lines > PATTERN) bare.add(element.id);
    else if (lines > 0) {
      sum += lines;
      dear.push(element);
    }
  }
  if (sum <= most) return bare;
  dear.sort((a, b) => linesOf(b) - linesOf(a) || (a.id < b.id ? 1 : -1));
  for (const element of dear) {
    if (sum <= most) break;
    sum -= linesOf(element);
    bare.add(element.id);
  }
  return bare;
}

/** A page as it is drawn: the costliest of its elements as outlines. */
export function drawable(elements: readonly SceneElement[]): SceneElement[] {
  const bare = outlined(elements, LINES);
  return elements.map((element) => (bare.has(element.id) ? outlineOf(element) : element));
}

/** A line across a shape crosses its outline twice, so the length of the outline bounds what is between. */
function patternOf(element: SceneElement): number {
  const { fillStyle, backgroundColor, strokeWidth } = element;
  if (fillStyle === "solid" || backgroundColor === "transparent" || !isFilled(element)) return 0;
  const gap = Math.max(Number(strokeWidth) * 4, 0.1);
  const length = outlineLength(element);
  const area = Math.min(areaOf(element), CANVAS);
  const once = length / gap / 2 + length / Math.min(gap, 1) / STEPS + area / gap / PAINT;
  return Math.ceil(fillStyle === "hachure" ? once : once * 2);
}

function dashesOf(element: SceneElement): number {
  if (element.strokeStyle === "solid" || element.type === "text" || element.type === "freedraw") return 0;
  return Math.ceil(outlineLength(element) / DOTS / STEPS);
}

function isFilled({ type }: SceneElement): boolean {
  return ["rectangle", "diamond", "ellipse", "line", "freedraw"].includes(type);
}

function outlineLength(element: SceneElement): number {
  const points = element.points as readonly Point[] | undefined;
  if (!points) return 2 * (Math.abs(Number(element.width)) + Math.abs(Number(element.height)));
  let length = 0;
  for (const [i, [x, y]] of points.entries()) {
    const [a, b] = points[i - 1] ?? points.at(-1) ?? [x, y];
    length += Math.abs(x - a) + Math.abs(y - b);
  }
  // A curve through its points goes further than a straight line.
  return element.type === "freedraw" || element.roundness ? length * 2 : length;
}

/** Of a path, that of the box around it. */
function areaOf(element: SceneElement): number {
  const points = element.points as readonly Point[] | undefined;
  if (!points) return Math.abs(Number(element.width) * Number(element.height));
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const [x, y] of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return (right - left) * (bottom - top);
}
