/** The first line on show, and bringing a line there. */
import { EditorView } from "@codemirror/view";

/** A line counts as shown when this much of it is, in pixels. */
const ENOUGH = 8;

export function firstLine(editor: EditorView): number {
  const top = editor.scrollDOM.getBoundingClientRect().top - editor.documentTop + ENOUGH;
  return editor.state.doc.lineAt(editor.lineBlockAtHeight(top).from).number;
}

/** Scrolls without a margin, since a follower of a follower must not drift. */
export function scrollToLine(editor: EditorView, line: number): void {
  const { doc } = editor.state;
  const { from } = doc.line(Math.min(line, doc.lines));
  // The first line keeps the space above it.
  if (line === 1) editor.scrollDOM.scrollTo({ top: 0 });
  else editor.dispatch({ effects: EditorView.scrollIntoView(from, { y: "start", yMargin: 0 }) });
}
