/**
 * Where somebody points, and what part of a page they see: two small live messages.
 *
 * ```text
 * pointer: page (length, text) │ x f64 │ y f64 │ flags: 1 pressed, 2 laser
 * view:    page (length, text) │ x1 f64 │ y1 f64 │ x2 f64 │ y2 f64
 * ```
 */
import { isId } from "../codec/checks";
import { FAR } from "../codec/limits";
import { Reader, Writer } from "./bytes";

export interface Pointing {
  page: string;
  x: number;
  y: number;
  pressed: boolean;
  laser: boolean;
}

export interface Viewing {
  page: string;
  /** Left, top, right and bottom in the page's coordinates. */
  bounds: readonly [number, number, number, number];
}

const isNear = (n: number): boolean => Math.abs(n) <= FAR;

export function encodePointing({ page, x, y, pressed, laser }: Pointing): Uint8Array {
  const flags = (pressed ? 1 : 0) | (laser ? 2 : 0);
  return new Writer().text(page).f64(x).f64(y).u8(flags).finish();
}

export function decodePointing(bytes: Uint8Array): Pointing | undefined {
  const from = new Reader(bytes);
  const [page, x, y, flags] = [from.text(), from.f64(), from.f64(), from.u8()];
  if (from.broken || !from.atEnd || !isId(page) || !isNear(x) || !isNear(y)) return undefined;
  return { page, x, y, pressed: (flags & 1) !== 0, laser: (flags & 2) !== 0 };
}

export function encodeViewing({ page, bounds }: Viewing): Uint8Array {
  const to = new Writer().text(page);
  for (const n of bounds) to.f64(n);
  return to.finish();
}

export function decodeViewing(bytes: Uint8Array): Viewing | undefined {
  const from = new Reader(bytes);
  const page = from.text();
  const bounds = [from.f64(), from.f64(), from.f64(), from.f64()] as const;
  if (from.broken || !from.atEnd || !isId(page) || !bounds.every(isNear)) return undefined;
  const [x1, y1, x2, y2] = bounds;
  return x1 < x2 && y1 < y2 ? { page, bounds } : undefined;
}
