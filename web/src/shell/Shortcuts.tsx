/** Opens the sheet of keyboard shortcuts, on `?` outside of text. */
import { useEffect } from "react";
import { hideShortcuts, showShortcuts, useSheet } from "./layout/shortcuts";
import { writesText } from "../shared/keyboard";
import { Modal } from "../ui/Modal";
import { part } from "../ui/Part";

export const loadSheet = () => import("./ShortcutSheet");
const ShortcutSheet = part(loadSheet, {
  name: "The sheet",
  frame: (said) => (
    <Modal open title="Keyboard shortcuts" onOpenChange={hideShortcuts}>
      <div className="mt-4">{said}</div>
    </Modal>
  ),
});

export function Shortcuts() {
  const open = useSheet((state) => state.open);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.ctrlKey || event.metaKey || writesText(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      showShortcuts();
    };
    // Before the board, which has a sheet of its own.
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, []);
  return open && <ShortcutSheet />;
}
