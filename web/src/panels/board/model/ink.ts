/** The work of drawing a path, computed from its bytes: how far the pen goes, in pixels of its canvas. */
import { DENSE, SIZE } from "../codec/limits";

/** Pixels of a canvas: larger elements are painted smaller. */
const CANVAS = 4_096 * 4_096;

/** A whole number, so that sums come out the same in any order. None for bytes that are no path a board can have. */
export function inkIn(bytes: Uint8Array): number {
  const width = bytes[0];
  if (width !== 4 && width !== 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (at: number) => (width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
  const [limits, before] = [
    { left: 0, top: 0, right: 0, bottom: 0 },
    { x: 0, y: 0 },
  ];
  let length = 0;
  for (let at = 1; at + 2 * width <= bytes.length; at += 2 * width) {
    const [x, y] = [read(at), read(at + width)];
    if (!(Math.abs(x) <= SIZE && Math.abs(y) <= SIZE)) return 0;
    length += Math.abs(x - before.x) + Math.abs(y - before.y);
    limits.left = Math.min(limits.left, x);
    limits.right = Math.max(limits.right, x);
    limits.top = Math.min(limits.top, y);
    limits.bottom = Math.max(limits.bottom, y);
    [before.x, before.y] = [x, y];
  }
  const [across, down] = [limits.right - limits.left, limits.bottom - limits.top];
  const scale = Math.min(1, Math.sqrt(CANVAS / Math.max(1, across * down)));
  const density = length / (across + down + 1) / DENSE;
  return Math.ceil(length * scale * Math.max(1, Math.sqrt(density)));
}
