/** Prevents what browsers do by default and is of no use here: leaving the page for a dropped file, saving it. */
import { toast } from "sonner";
import { isSave, writesText } from "../shared/keyboard";
import { useApp } from "./state";

/** Elements that take files themselves. */
const TAKERS = ".excalidraw, .cm-content";

export function preventBrowserDefaults(): void {
  // Before the board, which would save a file.
  addEventListener("keydown", pressed, { capture: true });
  addEventListener("dragover", (event) => {
    if (leaves(event)) event.preventDefault();
  });
  addEventListener("drop", dropped);
}

function pressed(event: KeyboardEvent): void {
  if (!isSave(event)) return;
  event.preventDefault();
  event.stopPropagation();
  const { session } = useApp.getState();
  toast(
    session?.state.getState().status.unsaved === 0
      ? "Everything is saved on this device. Covey saves as you go."
      : "Covey saves as you go, on this device.",
    { id: "saved", duration: 3_000 },
  );
}

/** Whether the browser would open what is dropped in place of the page. */
function leaves({ dataTransfer, target }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes("Files") || (types.includes("text/uri-list") && !writesText(target));
}

function dropped(event: DragEvent): void {
  if (!leaves(event)) return;
  event.preventDefault();
  if (event.target instanceof Element && event.target.closest(TAKERS)) return;
  const { session } = useApp.getState();
  toast(
    session?.mayWrite("board") && session.mayWrite("code")
      ? "Nothing can be dropped here. The board takes images, and the code takes text files."
      : "Nothing can be dropped here.",
    { id: "dropped" },
  );
}
