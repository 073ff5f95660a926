/** Whether the script of a letter puts spaces between words. */

const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;

/** A letter of a script in which words, or what is stuck to them, follow each other without a space. */
export function isUnspaced(character: string): boolean {
  return LETTER.test(character) && UNSPACED.test(character);
}

/** A letter or digit that makes one word with a letter or digit beside it. */
export function isOfWord(character: string): boolean {
  return LETTER.test(character) && !UNSPACED.test(character);
}
