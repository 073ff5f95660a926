/** Text, undo and carets shared with the others. */
import { Prec, type Extension } from "@codemirror/state";
import { keymap, ViewPlugin } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import type { Text, UndoManager } from "yjs";
import { carets } from "./carets";
import { revealUndone } from "./revealUndone";

/** Undo takes back one's own edits only. */
export function shared(text: Text, undoManager: UndoManager, awareness: Awareness): Extension {
  return [
    // Without an awareness it leaves carets to us; see `carets.ts`.
    yCollab(text, null, { undoManager }),
    // Behind it, since it moves the caret first.
    revealUndone(undoManager),
    Prec.high(keymap.of(yUndoManagerKeymap)),
    // An edit made after coming back is a step of its own.
    ViewPlugin.define(() => ({ destroy: () => undoManager.stopCapturing() })),
    carets(text, awareness),
  ];
}
