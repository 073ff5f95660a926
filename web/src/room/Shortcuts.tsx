/** Opens the sheet of keyboard shortcuts, on `?` outside of text. */
import { lazy, Suspense, useEffect } from "react";
import { showShortcuts, useSheet } from "../layout/shortcuts";
import { writesText } from "../lib/keyboard";

export const loadSheet = () => import("./ShortcutSheet");
const ShortcutSheet = lazy(loadSheet);

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
  return (
    open && (
      <Suspense>
        <ShortcutSheet />
      </Suspense>
    )
  );
}
