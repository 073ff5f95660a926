/**
 * Scrolls to what undo and redo change. The binding puts the caret where it was before the change was made or undone,
 * which after *Home*, or after scrolling, is somewhere else.
 */
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { UndoManager } from "yjs";

interface Range {
  from: number;
  to: number;
}

export function revealUndone(history: UndoManager): Extension {
  return ViewPlugin.define((view) => {
    let changed: Range | undefined;
    const popped = () => {
      if (changed) show(view, changed);
      changed = undefined;
    };
    history.on("stack-item-popped", popped);
    return {
      update({ docChanged, changes }: ViewUpdate) {
        if (!docChanged) return;
        // Of several steps in one, each moves what those before it have changed.
        if (changed) changed = { from: changes.mapPos(changed.from, -1), to: changes.mapPos(changed.to, 1) };
        if (history.undoing || history.redoing) changed = last(changes) ?? changed;
      },
      destroy: () => history.off("stack-item-popped", popped),
    };
  });
}

/** The last of the changed places, as it is now. */
function last(changes: ViewUpdate["changes"]): Range | undefined {
  let range: Range | undefined;
  changes.iterChangedRanges((_from, _to, from, to) => (range = { from, to }));
  return range;
}

/** The selection stays where it touches the change. */
function show(view: EditorView, { from, to }: Range): void {
  const { main } = view.state.selection;
  const touches = main.from <= to && main.to >= from;
  view.dispatch({
    ...(!touches && { selection: { anchor: to } }),
    effects: EditorView.scrollIntoView(touches ? main : to),
  });
}
