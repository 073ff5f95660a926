/** In which corner of the work area something small stands. */
import type { Box, Rect } from "./grid";

export const CORNERS = ["bottom right", "bottom left", "top right", "top left"] as const;
export type Corner = (typeof CORNERS)[number];

/** From the edges, in pixels; from the top, below the bars of the panels. */
const EDGE = 12;
const TOP = 48;

export function rectAt(corner: Corner, { width, height }: Box, place: Rect): Rect {
  return {
    x: corner.endsWith("right") ? place.x + place.width - width - EDGE : place.x + EDGE,
    y: corner.startsWith("bottom") ? place.y + place.height - height - EDGE : place.y + TOP,
    width,
    height,
  };
}

interface Around {
  readonly place: Rect;
  /** Elements that must not be covered. */
  readonly fields: readonly Rect[];
  /** Elements that should not be. */
  readonly controls: readonly Rect[];
}

/** Stays where it is as long as it may; undefined where every corner has a field. */
export function cornerFor(
  size: Box,
  { place, fields, controls }: Around,
  current: Corner | undefined,
): Corner | undefined {
  const hits = (corner: Corner, rects: readonly Rect[]) => {
    const rect = rectAt(corner, size, place);
    return rects.filter((each) => meet(rect, each)).length;
  };
  const free = CORNERS.filter((corner) => hits(corner, fields) === 0);
  if (current && free.includes(current)) return current;
  return free.toSorted((a, b) => hits(a, controls) - hits(b, controls))[0];
}

function meet(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
