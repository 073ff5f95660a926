/**
 * Reads the text for its colours in short pieces, what is seen first. CodeMirror does it by itself up to 100 ms at a
 * stretch, begins 100 ms later, and then finds nothing left to do.
 */
import { ensureSyntaxTree, language, syntaxTree, syntaxTreeAvailable } from "@codemirror/language";
import { ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { inTask, whenIdle } from "../../shared/tasks";

/** A piece ends at the parser's next stop after so long. */
const PIECE_MS = 10;
/** So many characters behind what is seen are read too: as many as CodeMirror reads. */
const AHEAD = 100_000;
/** Text on the screen is parsed urgently for so long. After that it waits until the page is idle. */
const URGENT_MS = 2_000;

export const parseAhead = ViewPlugin.define((view: EditorView) => aheadParser(view));

/** The parts of an editor that parsing needs. */
export type ParsedView = Pick<EditorView, "state" | "viewport"> & { dispatch: (transaction: object) => void };

type Change = Pick<ViewUpdate, "docChanged" | "viewportChanged" | "startState" | "state">;

export function aheadParser(view: ParsedView) {
  let cancel: (() => void) | undefined;
  let urgent = false;
  let spent = 0;

  const isRead = (upto: number) => syntaxTreeAvailable(view.state, upto);
  const read = () => {
    cancel = undefined;
    const end = view.state.doc.length;
    const seen = Math.min(view.viewport.to, end);
    const upto = [seen, Math.min(seen + AHEAD, end)].find((upto) => !isRead(upto));
    if (upto === undefined || view.state.facet(language) === null) return;
    const start = performance.now();
    const tree = ensureSyntaxTree(view.state, upto, PIECE_MS);
    spent += performance.now() - start;
    // Where no language reads, there is a tree, and nothing is ever read.
    if (tree !== null && !isRead(upto)) return;
    if (tree !== null && tree !== syntaxTree(view.state)) view.dispatch({});
    soon();
  };
  /** Text on the screen waits only for the next task. */
  const soon = () => {
    const isUrgent = spent < URGENT_MS && !isRead(view.viewport.to);
    if (cancel && (urgent || !isUrgent)) return;
    cancel?.();
    urgent = isUrgent;
    cancel = (isUrgent ? inTask : whenIdle)(read);
  };
  soon();

  return {
    update({ docChanged, viewportChanged, startState, state }: Change) {
      if (!docChanged && !viewportChanged && startState.facet(language) === state.facet(language)) return;
      spent = 0;
      soon();
    },
    destroy: () => cancel?.(),
  };
}
