/** The code editor: CodeMirror on the Yjs text of the document's one file. */
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useLayoutEffect, useRef } from "react";
import "./editor.css";
import type { DocView } from "../engine";
import { shared } from "./binding";
import { editing, reading } from "./setup";

const FILE = "file/main";

/** Where the person was, kept over a rebuilt document, which is a new editor. */
interface Place {
  anchor: number;
  head: number;
  top: number;
  focused: boolean;
}

const places = new WeakMap<DocView, Place>();

export default function Editor({ view, writable }: { view: DocView; writable: boolean }) {
  const parent = useRef<HTMLDivElement>(null);

  // In the layout phase, because an editor already taken from the page has lost its focus and its scrolling.
  useLayoutEffect(() => {
    if (!parent.current) return;
    const text = view.doc.getText(FILE);
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: text.toJSON(),
        extensions: [writable ? editing : reading, shared(text, view.awareness)],
      }),
    });
    const place = places.get(view);
    if (place) restore(editor, place);
    return () => {
      places.set(view, placeIn(editor));
      editor.destroy();
    };
  }, [view, writable]);

  return <div ref={parent} className="code-editor flex min-h-0 flex-1" />;
}

function placeIn(editor: EditorView): Place {
  const { anchor, head } = editor.state.selection.main;
  return { anchor, head, top: editor.scrollDOM.scrollTop, focused: editor.hasFocus };
}

function restore(editor: EditorView, place: Place): void {
  const end = editor.state.doc.length;
  editor.dispatch({ selection: { anchor: Math.min(place.anchor, end), head: Math.min(place.head, end) } });
  if (place.focused) editor.focus();
  requestAnimationFrame(() => editor.scrollDOM.scrollTo({ top: place.top }));
}
