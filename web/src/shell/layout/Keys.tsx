/** The keys that go from panel to panel. */
import { useEffect } from "react";
import { isMac } from "../../shared/keyboard";
import { focusPanel, goRound, rememberFocus, shortcutOf } from "./focus";

export function Keys() {
  useEffect(rememberFocus, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      // A dialog keeps the keyboard to itself.
      if (document.querySelector("[role=dialog][data-state=open], [role=alertdialog]")) return;
      const panel = shortcutOf(event, isMac);
      if (panel !== undefined) focusPanel(panel);
      else if (event.key === "F6" && !event.ctrlKey && !event.altKey) goRound(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the editor and the board, which know other keys.
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, []);
  return null;
}
