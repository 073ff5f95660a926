/** In which direction a part of a message is read: as its first letter is. Code and addresses do not count. */
import { isAddress } from "./links";

const LETTER = /[\p{L}\u200e\u200f\u061c]/u;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Undefined where there is no letter: it is read as what is around it. */
export function directionOf(element: Element): "ltr" | "rtl" | undefined {
  const letter = firstLetter(element);
  if (letter === undefined) return undefined;
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

function firstLetter(node: Node): string | undefined {
  if (node instanceof Text) return LETTER.exec(node.data)?.[0];
  if (!(node instanceof Element) || node.matches("code, pre")) return undefined;
  if (node.matches("a") && isAddress(node.textContent)) return undefined;
  for (const child of node.childNodes) {
    const letter = firstLetter(child);
    if (letter !== undefined) return letter;
  }
  return undefined;
}
