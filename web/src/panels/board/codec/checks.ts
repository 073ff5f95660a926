/**
 * Checks of plain values that other people wrote: each answers whether a value is what it should be, and never throws.
 */

import { isId as isAnId } from "../../../shared/ids";

export type Check = (value: unknown) => boolean;

/** Colours by name, by number or as a function; nothing that refers to something else. */
const COLOR = /^(#[0-9a-f]{3,8}|[a-z]{1,32}|(rgb|hsl)a?\([0-9.,%/ deg]{1,48}\))$/i;
const LINK = 2_048;
/** A host with a dot in it, and what may come behind it. */
const BARE = /^[^\s:/?#@]+\.[^\s:/?#@.]{2,}([:/?#]\S*)?$/;

/** Ids of elements, groups and files; Excalidraw's have 20 or 40 characters. */
export const isId: Check = isAnId;
export const isColor: Check = (value) => typeof value === "string" && COLOR.test(value);
export const isFlag: Check = (value) => typeof value === "boolean";
export const isNull: Check = (value) => value === null;

export const isBetween =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === "number" && value >= low && value <= high;

export const isWhole =
  (low: number, high: number): Check =>
  (value) =>
    Number.isInteger(value) && isBetween(low, high)(value);

export const isText =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= most;

export const isOneOf = (...values: readonly unknown[]): Check => {
  const known = new Set(values);
  return (value) => known.has(value);
};

export const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

export const isList =
  (of: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(of);

export const isPair =
  (of: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every(of);

/** An object with exactly these fields; those of `optional` may be missing. */
export const isRecord =
  (fields: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) => {
    if (!isPlain(value)) return false;
    const all = { ...optional, ...fields };
    // Every object inherits a `valueOf` and a `__proto__`, which are no checks.
    const known = Object.entries(value).every(([key, one]) => Object.hasOwn(all, key) && all[key]?.(one));
    return known && Object.keys(fields).every((key) => Object.hasOwn(value, key));
  };

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The addresses that a click may open: pages and letters, nothing that runs. */
export const isLink: Check = (value) => {
  if (typeof value !== "string" || value.length > LINK || !URL.canParse(value)) return false;
  return ["http:", "https:", "mailto:"].includes(new URL(value).protocol);
};

/** A link as people write it, which need not say how it is fetched; `undefined` for what is none. */
export function linkIn(value: unknown): string | undefined {
  if (isLink(value)) return value as string;
  const whole = typeof value === "string" && BARE.test(value) ? `https://${value}` : undefined;
  return isLink(whole) ? whole : undefined;
}
