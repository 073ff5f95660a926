/**
 * Numbers in a row (the points of a stroke, its pressures) as one binary value.
 *
 * ```text
 * 0x04 │ Float32, little endian, one after the other     every number is exactly one of these
 * 0x08 │ Float64, little endian, one after the other     otherwise: nothing is lost
 * ```
 * A point is two numbers, x before y.
 */

import { STROKE } from "./limits";

/** Numbers in one value: the points of one stroke. */
export const NUMBERS = 2 * STROKE;

type Width = 4 | 8;

/** `lossy` is for what passes: always the short form. */
export function encodeNumbers(numbers: readonly number[], lossy = false): Uint8Array {
  const width: Width = lossy || numbers.every((n) => Math.fround(n) === n) ? 4 : 8;
  const bytes = new Uint8Array(1 + numbers.length * width);
  const view = new DataView(bytes.buffer);
  bytes[0] = width;
  numbers.forEach((n, i) => {
    if (width === 4) view.setFloat32(1 + i * 4, n, true);
    else view.setFloat64(1 + i * 8, n, true);
  });
  return bytes;
}

/** How many numbers these bytes hold at most. */
export function numbersIn(bytes: Uint8Array): number {
  return bytes.length / (bytes[0] === 8 ? 8 : 4);
}

/** `undefined` for anything that `encodeNumbers` does not make, and for numbers that are none. */
export function decodeNumbers(bytes: unknown): number[] | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  const width = bytes[0];
  if (width !== 4 && width !== 8) return undefined;
  const count = (bytes.length - 1) / width;
  if (!Number.isInteger(count) || count > NUMBERS) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = Array.from({ length: count }, (_, i) =>
    width === 4 ? view.getFloat32(1 + i * 4, true) : view.getFloat64(1 + i * 8, true),
  );
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

export function encodePoints(points: readonly (readonly [number, number])[], lossy = false): Uint8Array {
  return encodeNumbers(points.flat(), lossy);
}

export function decodePoints(bytes: unknown): [number, number][] | undefined {
  const numbers = decodeNumbers(bytes);
  if (!numbers || numbers.length % 2 !== 0) return undefined;
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0]);
}
