/** The names of keys, and where they may act. */

export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** The name of the modifier key of commands. */
export const command = isMac ? "⌘" : "Ctrl";
/** The name of the other modifier key. */
export const option = isMac ? "⌥" : "Alt";

/** Whether keys pressed in an element write text. */
export function writesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

/** Ctrl+S, on any keyboard. */
export function isSave({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  if (altKey || shiftKey || ctrlKey === metaKey) return false;
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "s" : code === "KeyS";
}
