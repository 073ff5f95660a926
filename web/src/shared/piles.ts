/** Marks piled on one letter: a browser lays them out in a time that grows with the square of their number. */
import { count } from "./format";
import { PILE } from "./limits";

/** The marks that stand on a letter beyond the bound. */
export interface Pile {
  from: number;
  to: number;
  marks: number;
}

/** A mark drawn at the letter before it: an accent, a vowel sign, a skin colour. */
const MARK = /[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}]/u;
/** Not drawn, and a mark behind it stands on the same letter. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

const [LETTER, STANDS, NOTHING] = [1, 2, 3];
/** By code point; zero for those that were not met yet. */
const kinds = new Uint8Array(0x110000);

export function pilesIn(text: string, most = PILE): Pile[] {
  const piles: Pile[] = [];
  let [marks, from] = [0, 0];
  const end = (to: number) => {
    if (marks > most) piles.push({ from, to, marks: marks - most });
    marks = 0;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    const kind = kindAt(code);
    if (kind === STANDS) {
      marks += 1;
      if (marks === most + 1) from = at;
    } else if (kind === LETTER && marks > 0) end(at);
    if (code > 0xffff) at += 1;
  }
  end(text.length);
  return piles;
}

function kindAt(code: number): number {
  const known = kinds[code] ?? 0;
  return known > 0 ? known : (kinds[code] = kindOf(code));
}

function kindOf(code: number): number {
  const letter = String.fromCodePoint(code);
  if (UNSEEN.test(letter)) return NOTHING;
  return MARK.test(letter) ? STANDS : LETTER;
}

/** The words shown in the place of so many marks. */
export function pileSaid(marks: number): string {
  return `+${count(marks, "mark")}`;
}

/** A text that is only shown, each pile told by its number. */
export function thinned(text: string): string {
  let [thin, at] = ["", 0];
  for (const { from, to, marks } of pilesIn(text)) {
    thin += `${text.slice(at, from)}‹${pileSaid(marks)}›`;
    at = to;
  }
  return thin + text.slice(at);
}
