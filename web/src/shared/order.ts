/** Fractional indices: places in an order, made between any two without touching the others. */
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";

/** Nobody who inserts things one by one makes longer ones. */
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

/** The index between two; nothing where they are equal, in another order, or none at all. */
export function orderBetween(low: string | null, high: string | null): string | undefined {
  if (![low, high].every((order) => order === null || isOrder(order))) return undefined;
  return low !== null && high !== null && low >= high ? undefined : generateKeyBetween(low, high);
}

/** By UTF-16 units, as indices are meant to be compared everywhere. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
