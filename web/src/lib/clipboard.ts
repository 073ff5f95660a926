/** Copies text, also on pages opened over plain http, where the clipboard interface is missing. */

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected();
  }
}

/** Copies what is selected at the moment; callers select the field that shows the text. */
function copySelected(): boolean {
  // The only way left outside secure contexts, deprecated or not.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return document.execCommand("copy");
}
