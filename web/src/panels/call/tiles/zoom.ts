/** A part of a picture, larger: how it is moved and scaled in its place. */
import type { Box } from "./grid";

export interface Zoom {
  readonly scale: number;
  /** Where the picture's corner is, in pixels from the place's; never positive. */
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
const MOST = 8;

/** Larger or smaller by a factor; what is at the point stays there. */
export function zoomed(zoom: Zoom, factor: number, at: Point, place: Box): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return within({ scale, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by }, place);
}

export function moved(zoom: Zoom, by: Point, place: Box): Zoom {
  return within({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, place);
}

/** The picture covers its place. */
function within({ scale, x, y }: Zoom, { width, height }: Box): Zoom {
  const held = (value: number, size: number) => Math.min(0, Math.max(size * (1 - scale), value));
  return { scale, x: held(x, width), y: held(y, height) };
}
