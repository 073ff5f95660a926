/**
 * Takes the language out of the way of a large change. The parser would read on at once for some 20 ms, in the same
 * task in which the change is made and drawn; it reads again a little later, in a task of its own.
 */
import { EditorState, type Compartment, type Extension, type Transaction } from "@codemirror/state";
import { ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { troubleOf } from "./weighing";

/** Characters that come at once: what the parser reads in a few milliseconds is not worth it. */
const LARGE = 20_000;
/** So long nothing large comes before the text is read again: a long paste arrives in many parts. */
const QUIET_MS = 100;

/** Stands in a language's place meanwhile. Not the language of plain text, which stays as it is. */
export const PAUSED: Extension = [];

export function pausing(language: Compartment): Extension {
  const reads = (state: EditorState) => {
    const now = language.get(state);
    return now !== undefined && now !== PAUSED && !(Array.isArray(now) && now.length === 0);
  };
  const pause = EditorState.transactionExtender.of((transaction) =>
    isLarge(transaction) && reads(transaction.startState) ? { effects: language.reconfigure(PAUSED) } : null,
  );
  const resume = ViewPlugin.define((view: EditorView) => {
    let before: Extension | undefined;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const goOn = () => {
      // Meanwhile it may have got another name, and another language.
      if (before === undefined || troubleOf(view.state) !== undefined) return;
      if (language.get(view.state) === PAUSED) view.dispatch({ effects: language.reconfigure(before) });
    };
    return {
      update({ startState, state, transactions }: ViewUpdate) {
        if (language.get(state) !== PAUSED || !transactions.some(isLarge)) return;
        if (reads(startState)) before = language.get(startState);
        clearTimeout(soon);
        soon = setTimeout(goOn, QUIET_MS);
      },
      destroy: () => clearTimeout(soon),
    };
  });
  return [pause, resume];
}

function isLarge({ changes, docChanged }: Transaction): boolean {
  if (!docChanged) return false;
  let most = 0;
  changes.iterChanges((_from, _to, fromB, toB) => (most = Math.max(most, toB - fromB)));
  return most >= LARGE;
}
