/** Between the states of an awareness, as `y-codemirror.next` writes them, and what is sent. */
import * as Y from "yjs";
import type { Here } from "./presence.js";
import type { Person } from "./types.js";

/** Both ends of a selection as encoded relative positions. */
export interface EncodedCursor {
  anchor: Uint8Array;
  head: Uint8Array;
}

interface User {
  name: string;
  color: string;
  colorLight: string;
}

/** A person as editors show one. */
export function userOf({ name, color }: { name: string; color: string } | Person): User {
  return { name, color, colorLight: `${color}33` };
}

/** A cursor that an editor set: relative positions, or their JSON. */
export function encodedCursor(cursor: unknown): EncodedCursor | undefined {
  if (typeof cursor !== "object" || cursor === null) return undefined;
  const { anchor, head } = cursor as { anchor?: unknown; head?: unknown };
  if (!anchor || !head) return undefined;
  try {
    return { anchor: encoded(anchor), head: encoded(head) };
  } catch {
    return undefined;
  }
}

/** The state to show of someone; with a cursor only in the document it points into. */
export function shownState(here: Here, document: string): Record<string, unknown> {
  const user = userOf(here);
  if (here.document !== document || !here.anchor || !here.head) return { user };
  try {
    return {
      user,
      cursor: { anchor: decoded(here.anchor), head: decoded(here.head) },
    };
  } catch {
    // Bytes of someone else's making: shown as present, without a cursor.
    return { user };
  }
}

function encoded(position: unknown): Uint8Array {
  return Y.encodeRelativePosition(Y.createRelativePositionFromJSON(position));
}

function decoded(bytes: Uint8Array): unknown {
  return Y.relativePositionToJSON(Y.decodeRelativePosition(bytes));
}
