/** The files of the document: an index of names in an order, and a text for each. */
import type * as Y from "yjs";
import type { NameLength } from "../../shared/names";
import { OrderedIndex, type Entry } from "../../shared/orderedIndex";

export type File = Entry;

export const FILE_NAME: NameLength = { letters: 80, bytes: 992 };
/** So many are shown. */
export const FILES = 200;

export function filesIn(doc: Y.Doc): OrderedIndex {
  return new OrderedIndex(doc, {
    root: "files",
    first: { id: "main", name: "main.js" },
    name: FILE_NAME,
    most: FILES,
  });
}

export function textOf(doc: Y.Doc, id: string): Y.Text {
  return doc.getText(`file/${id}`);
}

/** A name that no file has yet: `untitled.js`, `untitled-2.js`. */
export function freeName(files: readonly File[], wanted: string): string {
  const taken = new Set(files.map(({ name }) => name));
  const [, stem = wanted, ending = ""] = /^(.+?)(\.[^.]*)?$/.exec(wanted) ?? [];
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${stem}-${n}${ending}`;
    if (!taken.has(name)) return name;
  }
}
