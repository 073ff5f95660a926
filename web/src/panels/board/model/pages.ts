/** The pages of the board. */
import type * as Y from "yjs";
import type { NameLength } from "../../../shared/names";
import { OrderedIndex, type Entry } from "../../../shared/orderedIndex";

export type Page = Entry;

/** The page that every board has. */
export const MAIN = "main";
/** Of a page's name. */
export const NAME: NameLength = { letters: 64, bytes: 768 };
/** Pages in the strip. */
export const PAGES = 200;

export function pagesIn(doc: Y.Doc): OrderedIndex {
  return new OrderedIndex(doc, {
    root: "pages",
    first: { id: MAIN, name: "Page 1" },
    name: NAME,
    most: PAGES,
  });
}

/** "Page 3" for the third, or the next number that nobody took. */
export function freeName(pages: readonly Page[]): string {
  const taken = new Set(pages.map(({ name }) => name));
  let number = pages.length + 1;
  while (taken.has(`Page ${number}`)) number += 1;
  return `Page ${number}`;
}
