/** The panel *Code*: the files that everyone writes in. */
import { Code } from "lucide-react";
import { command, option } from "../../shared/keyboard";
import type { PanelSpec } from "../spec";
import { CodeSkeleton } from "./CodeSkeleton";

export const code: PanelSpec = {
  id: "code",
  label: "Code",
  icon: Code,
  digit: 1,
  first: { at: "work" },
  begins: "with the room",
  keys: [
    ["Undo, redo what you wrote", [`${command} Z`, `${command} Shift Z`]],
    ["Find and replace", [`${command} F`]],
    ["Comment a line", [`${command} /`]],
    ["Move a line", [`${option} ↑`, `${option} ↓`]],
    ["Select the next same word", [`${command} D`]],
    ["Leave the editor", ["Esc", "Tab"]],
    ["Next file, the one before", [`${option} PgDn`, `${option} PgUp`]],
    ["Rename a file", ["F2"]],
    ["Move a file along", [`${option} ←`, `${option} →`]],
    ["Delete a file", ["Del"]],
  ],
  readOnly: {
    document: "code",
    look: "You see everything as it is written, and cannot change it.",
    part: "You can read the code here, not change it",
  },
  skeleton: <CodeSkeleton />,
  subject: "The editor",
  load: () => import("./Editor"),
};
