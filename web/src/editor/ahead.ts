/**
 * Reads the text for its colours in short pieces, what is seen first. CodeMirror does it by itself up to 100 ms at a
 * stretch, begins 100 ms later, and then finds nothing left to do.
 */
import { ensureSyntaxTree, language, syntaxTree, syntaxTreeAvailable } from "@codemirror/language";
import { ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { inTurn, whenIdle } from "../lib/later";

const PIECE_MS = 10;
/** So many characters behind what is seen are read too: as many as CodeMirror reads. */
const AHEAD = 100_000;

export const readAhead = ViewPlugin.define((view: EditorView) => {
  let cancel: (() => void) | undefined;

  /** What is to be read next is read up to here; nowhere if all is. */
  const next = (): number | undefined => {
    const end = view.state.doc.length;
    const seen = Math.min(view.viewport.to, end);
    return [seen, Math.min(seen + AHEAD, end)].find((upto) => !syntaxTreeAvailable(view.state, upto));
  };
  const read = () => {
    cancel = undefined;
    const upto = next();
    if (upto === undefined) return;
    const tree = ensureSyntaxTree(view.state, upto, PIECE_MS);
    if (tree !== null && tree !== syntaxTree(view.state)) view.dispatch({});
    // Where no language reads, nothing is ever there.
    if (tree === null || syntaxTreeAvailable(view.state, upto)) soon();
  };
  // What is seen waits for nothing but one's turn.
  const soon = () =>
    (cancel ??= (syntaxTreeAvailable(view.state, view.viewport.to) ? whenIdle : inTurn)(read));
  soon();

  return {
    update({ docChanged, viewportChanged, startState, state }: ViewUpdate) {
      if (docChanged || viewportChanged || startState.facet(language) !== state.facet(language)) soon();
    },
    destroy: () => cancel?.(),
  };
});
