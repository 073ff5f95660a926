/** Where one was in each file of a document, kept over other files and over a rebuilt document. */
import type { StateEffect } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import * as Y from "yjs";
import type { DocView } from "../engine";

interface Spot {
  /** A relative position as JSON: it holds on to the text whatever is written meanwhile. */
  relative: unknown;
  /** Where that was, for a text that lacks what the position held on to. */
  index: number;
}

interface Place {
  anchor: Spot;
  head: Spot;
  top: StateEffect<unknown>;
}

interface Stay {
  /** The file that is open. */
  file: string | undefined;
  /** Whether one was writing when the editor went away. */
  focused: boolean;
  places: Map<string, Place>;
}

const stays = new WeakMap<DocView, Stay>();

export function stayIn(view: DocView): Stay {
  const known = stays.get(view);
  if (known) return known;
  const stay: Stay = { file: undefined, focused: false, places: new Map() };
  stays.set(view, stay);
  return stay;
}

export function placeIn(editor: EditorView, text: Y.Text): Place {
  const { anchor, head } = editor.state.selection.main;
  const spot = (index: number): Spot => ({
    relative: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index, -1)),
    index,
  });
  return { anchor: spot(anchor), head: spot(head), top: editor.scrollSnapshot() };
}

/** Where a place is in the text as it has become. */
export function selectionAt({ anchor, head }: Place, text: Y.Text): { anchor: number; head: number } {
  const found = ({ relative, index }: Spot) => {
    const position = Y.createRelativePositionFromJSON(relative);
    const there = text.doc && Y.createAbsolutePositionFromRelativePosition(position, text.doc);
    return Math.min(there?.type === text ? there.index : index, text.length);
  };
  return { anchor: found(anchor), head: found(head) };
}
