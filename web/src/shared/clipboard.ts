/** Copies text, also on pages opened over plain http, where the clipboard interface is missing. */
import { create } from "zustand";

/** Text that the browser did not copy: it is shown, selected, for the person to copy. */
export const useUncopied = create<{ text: string | undefined }>(() => ({ text: undefined }));

/** Whether the text is copied; where it is not, it is shown to be copied by hand. */
export async function copyText(text: string): Promise<boolean> {
  const copied = await copies(text);
  if (!copied) useUncopied.setState({ text });
  return copied;
}

/** Whether the text is copied, for callers that show it themselves. */
export async function copies(text: string): Promise<boolean> {
  try {
    // Absent outside secure contexts.
    // eslint-disable-next-line no-restricted-properties
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiesByEvent(text);
  }
}

/** Gives the very text to the browser when it copies; the selection only makes it do so. */
function copiesByEvent(text: string): boolean {
  const selection = getSelection();
  if (!selection) return false;
  let given = false;
  const give = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/plain", text);
    given = event.clipboardData !== null;
  };
  const ranges = Array.from({ length: selection.rangeCount }, (_, at) => selection.getRangeAt(at));
  const focused = document.activeElement;
  const mark = document.createElement("span");
  mark.textContent = ".";
  mark.style.cssText = "position:fixed;opacity:0;user-select:text;-webkit-user-select:text";
  document.body.append(mark);
  // Before the editor and the board, which copy what is selected in them.
  addEventListener("copy", give, { capture: true });
  try {
    selection.selectAllChildren(mark);
    // The only way left outside secure contexts, deprecated or not.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand("copy") && given;
  } catch {
    return false;
  } finally {
    removeEventListener("copy", give, { capture: true });
    mark.remove();
    selection.removeAllRanges();
    for (const range of ranges) selection.addRange(range);
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
