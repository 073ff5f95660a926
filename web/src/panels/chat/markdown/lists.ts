/** Items of lists with the marks that were written before them. */
import type { CSSProperties } from "react";
import { directionOf } from "./direction";

/** Signs before items, where they are not the one that lists have by themselves. */
const SIGNS = new Map([
  ["-", "–"],
  ["+", "+"],
]);

interface ListProps {
  dir: "ltr" | "rtl" | undefined;
  style: CSSProperties;
  start?: number;
}

/** With room for the longest mark. */
export function listProps(list: Element): ListProps {
  const longest = Math.max(...Array.from(list.children, (item) => markOf(item).length));
  const style = { "--mark": `${longest + 1}ch` } as CSSProperties;
  const start = list.getAttribute("start");
  return { dir: directionOf(list), style, ...(start !== null && { start: Number(start) }) };
}

interface ItemProps {
  dir: "ltr" | "rtl" | undefined;
  value: number | undefined;
  style?: CSSProperties;
}

/** With its own number, as it is written: `3.` after `1.`, `007.`, `8)`. */
export function itemProps(item: Element): ItemProps {
  const mark = markOf(item);
  const [, digits] = /^(\d{1,9})[.)]$/.exec(mark) ?? [];
  const value = digits === undefined ? undefined : Number(digits);
  const sign = value === undefined ? SIGNS.get(mark) : mark === `${value}.` ? undefined : mark;
  return {
    dir: directionOf(item),
    value,
    ...(sign !== undefined && { style: { listStyleType: `"${sign} "` } }),
  };
}

function markOf(item: Element): string {
  return item.getAttribute("data-mark") ?? "";
}
