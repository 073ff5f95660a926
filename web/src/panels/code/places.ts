/** Where one was in each file, kept over other files and over a rebuilt document. */
import { EditorView } from "@codemirror/view";
import * as Y from "yjs";
import { perRoom } from "../../session/session";

interface Spot {
  /** A relative position as JSON. It keeps its place while others write. */
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

/** The panel's memory while the room is open: the place in each file. */
export class CodePlaces {
  private open: string | undefined;
  /** Whether one was writing when the editor went away. */
  focused = false;
  private readonly places = new Map<string, Place>();
  /** One for each text as long as its document lives, so that undo goes on where it was in each file. */
  private readonly histories = new WeakMap<Y.Text, Y.UndoManager>();

  /** The file that is open. */
  get file(): string | undefined {
    return this.open;
  }

  opened(file: string): void {
    this.open = file;
  }

  of(file: string): Place | undefined {
    return this.places.get(file);
  }

  keep(file: string, place: Place): void {
    this.places.set(file, place);
  }

  historyOf(text: Y.Text): Y.UndoManager {
    const known = this.histories.get(text);
    if (known) return known;
    const history = new Y.UndoManager(text);
    this.histories.set(text, history);
    return history;
  }
}

export const codePlaces = perRoom(() => new CodePlaces());

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
