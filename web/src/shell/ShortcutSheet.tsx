/** The sheet of keyboard shortcuts, one list for each panel. */
import { hideShortcuts } from "./layout/shortcuts";
import { command, isMac } from "../shared/keyboard";
import { Modal } from "../ui/Modal";

const option = isMac ? "⌥" : "Alt";

/** What is pressed together is one of `keys`. */
type Keys = [what: string, keys: string[]];

const lists: Record<string, Keys[]> = {
  "The room": [
    ["Go to Code, Board, Chat, People", [`${isMac ? "⌃" : "Alt"} 1 … 4`]],
    ["Next region, the one before", ["F6", "Shift F6"]],
    ["Between tabs, or resize at a splitter", ["←", "→"]],
    ["Show this sheet", ["?"]],
  ],
  Code: [
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
  Chat: [
    ["Send", ["Enter"]],
    ["New line", ["Shift Enter"]],
    ["Edit your last message", ["↑"]],
    ["Leave editing or a thread", ["Esc"]],
  ],
  Board: [
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
};

export default function ShortcutSheet() {
  return (
    <Modal open wide onOpenChange={hideShortcuts} title="Keyboard shortcuts">
      <div className="mt-4 gap-x-10 md:columns-2">
        {Object.entries(lists).map(([name, keys]) => (
          <div key={name} role="group" aria-label={name} className="mb-5 break-inside-avoid">
            <h3 className="text-[0.8rem] font-medium text-soft">{name}</h3>
            <dl className="mt-1 divide-y divide-line">
              {keys.map(([what, combination]) => (
                <div key={what} className="flex items-center justify-between gap-4 py-1.5 text-[0.9rem]">
                  <dt>{what}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {combination.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Modal>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-md border border-edge bg-surface px-1.5 py-0.5 font-sans text-[0.8rem] whitespace-nowrap text-soft">
      {children}
    </kbd>
  );
}
