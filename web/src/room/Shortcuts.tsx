/** The sheet of keyboard shortcuts, on `?` outside of text. */
import { useEffect, useState } from "react";
import { Modal } from "../ui/Modal";

const command = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘" : "Ctrl";

const keys: [string, string[]][] = [
  ["Undo what you wrote", [command, "Z"]],
  ["Redo", [command, "Shift", "Z"]],
  ["Find and replace", [command, "F"]],
  ["Comment a line", [command, "/"]],
  ["Move a line", ["Alt", "↑ ↓"]],
  ["Select the next same word", [command, "D"]],
  ["Leave the editor", ["Esc", "Tab"]],
  ["Show this sheet", ["?"]],
];

export function Shortcuts() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.ctrlKey || event.metaKey || inText(event.target)) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return (
    <Modal open={open} onOpenChange={setOpen} title="Keyboard shortcuts">
      <dl className="mt-4 divide-y divide-line">
        {keys.map(([what, combination]) => (
          <div key={what} className="flex items-center justify-between gap-4 py-2.5">
            <dt>{what}</dt>
            <dd className="flex gap-1">
              {combination.map((key) => (
                <kbd
                  key={key}
                  className="rounded-md border border-edge bg-surface px-1.5 py-0.5 font-sans text-[0.8rem] text-soft"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

function inText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
