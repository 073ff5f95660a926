/** Where one was in each file of a document, kept over other files and over a rebuilt document. */
import { EditorView } from "@codemirror/view";
import * as Y from "yjs";
import type { DocView } from "../../engine";

interface Spot {
  /** A relative position as JSON: it holds on to the text whatever is written meanwhile. */
  relative: unknown;
  /** Where that was, for a text that lacks what the position held on to. */
  index: number;
}

interface Place {
  anchor: Spot;
  head: Spot;
  /** The first line on show, and how far below the upper edge it began, in pixels. */
  top: Spot;
  offset: number;
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
  const edge = editor.scrollDOM.getBoundingClientRect().top - editor.documentTop;
  const first = editor.lineBlockAtHeight(edge);
  return {
    anchor: spotAt(text, anchor, -1),
    head: spotAt(text, head, -1),
    top: spotAt(text, first.from, 0),
    offset: first.top - edge,
  };
}

/** Where a place is in the text as it has become: what is selected, and what to scroll to. */
export function restored({ anchor, head, top, offset }: Place, text: Y.Text) {
  return {
    selection: { anchor: indexOf(text, anchor), head: indexOf(text, head) },
    scrollTo: EditorView.scrollIntoView(indexOf(text, top), { y: "start", yMargin: offset }),
  };
}

function spotAt(text: Y.Text, index: number, side: -1 | 0): Spot {
  const position = Y.createRelativePositionFromTypeIndex(text, index, side);
  return { relative: Y.relativePositionToJSON(position), index };
}

function indexOf(text: Y.Text, { relative, index }: Spot): number {
  const position = Y.createRelativePositionFromJSON(relative);
  const found = text.doc && Y.createAbsolutePositionFromRelativePosition(position, text.doc);
  return Math.min(found?.type === text ? found.index : index, text.length);
}
