/** What keys are called and where they may act. */

export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** The name of the key that commands are given with. */
export const command = isMac ? "⌘" : "Ctrl";
/** And of the key that changes what others do. */
export const option = isMac ? "⌥" : "Alt";

/** Whether keys pressed here write something. */
export function writesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

/** Ctrl+S, on whatever keyboard. */
export function isSave({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  if (altKey || shiftKey || ctrlKey === metaKey) return false;
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "s" : code === "KeyS";
}
