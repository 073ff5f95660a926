/** Fractional indices: the order of pages and of elements, made between any two without touching the others. */
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";

/** Longer ones come from nobody who inserts things one by one. */
const LENGTH = 256;
/** The library takes other characters for digits too, and makes places of them that do not grow. */
const DIGITS = /^[0-9A-Za-z]+$/;

export function isOrder(value: unknown): value is string {
  if (typeof value !== "string" || value.length > LENGTH || !DIGITS.test(value)) return false;
  try {
    generateKeyBetween(value, null);
    return true;
  } catch {
    return false;
  }
}

/** `count` indices after `low` and before `high`, which must be in order. */
export function ordersBetween(low: string | null, high: string | null, count: number): string[] {
  return count === 1 ? [generateKeyBetween(low, high)] : generateNKeysBetween(low, high, count);
}

interface Ordered {
  readonly id: string;
  readonly index: string | null;
}

/** From back to front; equal places by id, so that everyone has the same order. What has no valid place is in front. */
export function inOrder(a: Ordered, b: Ordered): number {
  const [x, y] = [a.index ?? "~", b.index ?? "~"];
  return x === y ? compare(a.id, b.id) : compare(x, y);
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The places of elements that are already in order, made strictly growing, as Excalidraw demands: two people who
 * draw at once give their elements the same place. A function of what is stored and nothing else; it is not written
 * back, so that nobody's repair is somebody else's change.
 */
export function repaired<T extends Ordered>(sorted: readonly T[]): { element: T; index: string }[] {
  const places: { element: T; index: string }[] = [];
  let low: string | null = null;
  let run: T[] = [];
  const settle = (high: string | null) => {
    const orders = run.length > 0 ? ordersBetween(low, high, run.length) : [];
    run.forEach((element, i) => places.push({ element, index: orders[i] ?? "" }));
    run = [];
  };
  for (const element of sorted) {
    const { index } = element;
    if (index === null || (low !== null && index <= low)) {
      run.push(element);
      continue;
    }
    settle(index);
    places.push({ element, index });
    low = index;
  }
  settle(null);
  return places;
}
