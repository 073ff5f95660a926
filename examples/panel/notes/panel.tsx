/** The panel *Notes*: short texts that everyone adds to. */
import { StickyNote } from "lucide-react";
import type { PanelSpec } from "../../../web/src/panels/spec";
import { TextLines } from "../../../web/src/ui/TextLines";
import { DOCUMENT } from "./notes";

export const notes: PanelSpec = {
  id: "notes",
  label: "Notes",
  icon: StickyNote,
  digit: 6,
  first: { at: "talk", closed: true },
  begins: "when opened",
  keys: [
    ["Add a note, keep a change", ["Enter"]],
    ["Leave a note as it was", ["Esc"]],
  ],
  readOnly: {
    document: DOCUMENT,
    look: "You see all notes, and cannot change them.",
    part: "You can read the notes here, not change them",
  },
  skeleton: (
    <div className="p-5">
      <TextLines />
    </div>
  ),
  subject: "The notes",
  load: () => import("./NotesPanel"),
};
