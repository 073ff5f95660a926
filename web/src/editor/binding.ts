/** Text, undo and carets shared with the others. */
import { Prec, type Extension } from "@codemirror/state";
import { keymap, ViewPlugin } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import { UndoManager, type Text } from "yjs";
import { carets } from "./carets";

/** Undo takes back one's own edits only, whatever the others wrote in between. */
export function shared(text: Text, awareness: Awareness): Extension {
  const undoManager = new UndoManager(text);
  return [
    // Without an awareness it leaves carets to us; see `carets.ts`.
    yCollab(text, null, { undoManager }),
    Prec.high(keymap.of(yUndoManagerKeymap)),
    ViewPlugin.define(() => ({ destroy: () => undoManager.destroy() })),
    carets(text, awareness),
  ];
}
