/** Long messages are cut to a first part, so that one of them does not fill the whole list. */

const LENGTH = 1_600;
const LINES = 24;
/** How far a cut may move back to the end of a line. */
const SLACK = 400;

/** The first part of a long text, or nothing for one that is shown whole. */
export function excerptOf(text: string): string | undefined {
  const end = Math.min(endOfLine(text, LINES), LENGTH);
  // A cut that saves next to nothing is not worth a button.
  if (end >= text.length - 200) return undefined;
  const line = text.lastIndexOf("\n", end);
  const part = text.slice(0, line > end - SLACK && line > 0 ? line : wholeCharacters(text, end));
  return closed(part);
}

/** Where this many lines end. */
function endOfLine(text: string, lines: number): number {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text.length;
  }
  return at;
}

/** Not between the halves of a character. */
function wholeCharacters(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? end - 1 : end;
}

/** With the end of a code block that was cut through. */
function closed(part: string): string {
  const fences = part.match(/^ {0,3}(?:```|~~~)/gm) ?? [];
  const last = fences.at(-1)?.trim();
  return fences.length % 2 === 1 && last !== undefined ? `${part}\n${last}` : part;
}
