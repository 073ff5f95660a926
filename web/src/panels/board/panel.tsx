/** The panel *Board*: pages to draw on. */
import { Shapes } from "lucide-react";
import { command } from "../../shared/keyboard";
import type { PanelSpec } from "../spec";
import { BoardSkeleton } from "./BoardSkeleton";

export const board: PanelSpec = {
  id: "board",
  label: "Board",
  icon: Shapes,
  digit: 2,
  first: { at: "work", closed: true },
  begins: "when opened",
  keys: [
    ["Select, move the view", ["V", "H"]],
    ["Rectangle, diamond, ellipse", ["R", "D", "O"]],
    ["Arrow, line, pen", ["A", "L", "P"]],
    ["Text, eraser", ["T", "E"]],
    ["Undo, redo what you drew", [`${command} Z`, `${command} Shift Z`]],
    ["Delete what is selected", ["Del"]],
    ["Zoom in, out, to everything", [`${command} +`, `${command} −`, "Shift 1"]],
    ["Group, ungroup", [`${command} G`, `${command} Shift G`]],
    ["Leave the board", ["Esc", "Tab"]],
  ],
  readOnly: {
    document: "board",
    look: "You see everything as it is drawn, and cannot change it.",
    part: "You can look at the board here, not draw on it",
  },
  skeleton: <BoardSkeleton />,
  subject: "The board",
  load: () => import("./Board"),
};
