/**
 * Weighs a text as it changes and takes its language away in the very transaction that makes it too heavy, so that
 * no parser reads it. What an edit can have changed is weighed at once; whether a heavy text has become light again
 * only when it has been quiet for a while.
 */
import { EditorState, StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import type { ChangeSet, Compartment } from "@codemirror/state";
import { COLORED, DEPTH, LINE } from "../../shared/limits";
import { depthOf, markdownTrouble, troubleIn, type Kind, type Trouble } from "../../shared/weight";

/** A heavy text is weighed again when nothing was written for so long. */
const QUIET_MS = 400;
/** A block is looked at to this far before and behind an edit; a longer one is heavy by few marks. */
const BLOCK = 60_000;

interface Weight {
  kind: Kind;
  trouble: Trouble | undefined;
  /** It nests no deeper than this. */
  depth: number;
}

const weighed = StateEffect.define<Weight>();

const field = StateField.define<Weight>({
  create: (state) => whole(state.doc, "brackets"),
  update(weight, { effects }) {
    for (const effect of effects) if (effect.is(weighed)) weight = effect.value;
    return weight;
  },
});

export function weighing(kind: Kind, language: Compartment): Extension {
  return [
    field.init((state) => whole(state.doc, kind)),
    EditorState.transactionExtender.of(({ docChanged, startState, changes, newDoc }) => {
      const before = startState.field(field);
      if (!docChanged || before.trouble !== undefined) return null;
      const after = edited(before, changes, startState.doc, newDoc);
      if (after === before) return null;
      const effects: StateEffect<unknown>[] = [weighed.of(after)];
      if (after.trouble !== undefined) effects.push(language.reconfigure([]));
      return { effects };
    }),
    ViewPlugin.define((view) => new Again(view)),
  ];
}

/** Why the text has no colours, if it has none. */
export function troubleOf(state: EditorState): Trouble | undefined {
  return state.field(field, false)?.trouble;
}

/** For a text that gets another language: weighs it by how that one nests. */
export function weighAs(view: EditorView, kind: Kind): void {
  if (view.state.field(field).kind === kind) return;
  view.dispatch({ effects: weighed.of(whole(view.state.doc, kind)) });
}

function whole(doc: Text, kind: Kind): Weight {
  if (doc.length > COLORED) return { kind, trouble: "size", depth: 0 };
  const text = doc.toString();
  const trouble = troubleIn(text, kind);
  return { kind, trouble, depth: trouble === undefined ? depthOf(text, kind) : 0 };
}

const STRUCTURE = /[()[\]{}<>/]/g;

function edited(before: Weight, changes: ChangeSet, old: Text, doc: Text): Weight {
  const { kind } = before;
  if (doc.length > COLORED) return { ...before, trouble: "size" };
  let { depth } = before;
  let trouble: Trouble | undefined;
  changes.iterChanges((fromA, toA, fromB, toB) => {
    const [gone, come] = [old.sliceString(fromA, toA), doc.sliceString(fromB, toB)];
    // One more for a name that has become another tag's.
    depth += 1 + countIn(gone) + countIn(come);
    trouble ??= longLine(doc, fromB, toB);
    if (kind === "markdown") trouble ??= markdownTrouble(around(doc, fromB, toB));
  });
  if (trouble === undefined && depth > DEPTH) {
    depth = depthOf(doc.toString(), kind);
    if (depth > DEPTH) trouble = "depth";
  }
  return trouble === undefined && depth === before.depth ? before : { kind, trouble, depth };
}

function countIn(text: string): number {
  return text.match(STRUCTURE)?.length ?? 0;
}

function longLine(doc: Text, from: number, to: number): Trouble | undefined {
  let line = doc.lineAt(from);
  for (;;) {
    if (line.length > LINE) return "line";
    if (line.to >= to) return undefined;
    line = doc.line(line.number + 1);
  }
}

/** The block of an edit, from empty line to empty line. */
function around(doc: Text, from: number, to: number): string {
  let [first, last] = [doc.lineAt(from), doc.lineAt(to)];
  while (first.number > 1 && first.length > 0 && from - first.from < BLOCK)
    first = doc.line(first.number - 1);
  while (last.number < doc.lines && last.length > 0 && last.to - to < BLOCK) last = doc.line(last.number + 1);
  return doc.sliceString(first.from, last.to);
}

class Again {
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView) {}

  update({ docChanged, state }: ViewUpdate): void {
    if (!docChanged || troubleOf(state) === undefined) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.weigh(), QUIET_MS);
  }

  destroy(): void {
    clearTimeout(this.soon);
  }

  private weigh(): void {
    const { state } = this.view;
    const before = state.field(field);
    const after = whole(state.doc, before.kind);
    if (after.trouble !== before.trouble) this.view.dispatch({ effects: weighed.of(after) });
  }
}
