/** The notes of a room: a list of short texts in an order, in a document of the panel's own. */
import type * as Y from "yjs";
import { OrderedIndex } from "../../../web/src/shared/orderedIndex";

export const DOCUMENT = "custom/notes";

/** Of one note. */
export const LENGTH = { letters: 280, bytes: 3_500 };
const NOTES = 500;

export function notesIn(doc: Y.Doc): OrderedIndex {
  return new OrderedIndex(doc, { root: "notes", name: LENGTH, most: NOTES });
}
