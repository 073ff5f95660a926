/** Names that other people chose: cleaned as the engine cleans them, compared by what they look like, kept apart. */
import type { Person } from "../engine";
import { oneOf } from "./ranges";

/** As many bytes as the engine keeps. */
const BYTES = 96;
/** Marks above and below one letter. */
const MARKS = 2;

/** Drawn as blank without being white space: fillers of Hangul, an empty cell of Braille. */
const FILLERS = oneOf(
  [
    [0x115f, 0x1160],
    [0x2800, 0x2800],
    [0x3164, 0x3164],
    [0xffa0, 0xffa0],
  ],
  "gu",
);
/** Characters that can't be seen or turn the direction; joiners and selectors are looked at one by one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff0-\ufffb]/u;
/** Made to stand on any letter. */
const MARK = oneOf([
  [0x300, 0x34e],
  [0x350, 0x36f],
  [0x483, 0x489],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
]);
const EMOJI = oneOf([
  [0x2190, 0x27bf],
  [0x2900, 0x2bff],
  [0x1f000, 0x1faff],
]);
const JOINER = "\u200d";
const SELECTOR = "\ufe0f";

const utf8 = new TextEncoder();

/** A name as it may be shown, maybe an empty one; see `core/src/presence/name.rs`, which does the same. */
export function cleanName(name: string, bytes = BYTES): string {
  // Longer than any name that can come of it: others' names may be megabytes.
  const letters = Array.from(
    name
      .slice(0, 16 * bytes)
      .replaceAll(/\p{White_Space}/gu, " ")
      .replaceAll(FILLERS, " "),
  );
  let [clean, last, marks, size] = ["", " ", MARKS, 0];
  for (const [at, letter] of letters.entries()) {
    if (!keeps(letter, last, letters[at + 1], marks)) continue;
    size += utf8.encode(letter).length;
    if (size > bytes) break;
    // A mark on a blank would stand on what is before the name.
    marks = letter === " " ? MARKS : MARK.test(letter) ? marks + 1 : 0;
    clean += letter;
    last = letter;
  }
  return clean.replace(/[ \u200d]+$/, "");
}

function keeps(letter: string, last: string, next: string | undefined, marks: number): boolean {
  if (letter === " ") return last !== " ";
  if (letter === SELECTOR) return EMOJI.test(last);
  if (letter === JOINER)
    return (EMOJI.test(last) || last === SELECTOR) && next !== undefined && EMOJI.test(next);
  if (MARK.test(letter)) return marks < MARKS;
  return !UNSEEN.test(letter);
}

/** The sentence about a name of which nothing is left. */
export const UNSEEN_NAME = "Nobody could see this name: type one with letters.";

/** Names may be empty, and unknown until somebody who knows them is met. */
export function shownName(name = ""): string {
  return cleanName(name) || "Someone";
}

export function shownTitle(title: string): string {
  return cleanName(title, 160) || "A room without a title";
}

/** Pairs of a letter and the Latin one that it is drawn like: Cyrillic, Greek, and the small ones of old. */
const ALIKE = new Map(
  (
    "Аa Вb Еe Ѕs Іi Јj Кk Мm Нh Оo Рp Сc Тt Хx Уy аa еe ѕs іi јj оo рp сc уy хx һh ԁd ԛq ԝw ѵv ӏl " +
    "Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx οo νv ιi ıi łl"
  )
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

/** Equal for names that look the same or nearly so: forms, case, other alphabets, `l` and `1`. */
export function likenessOf(name: string): string {
  const letters = Array.from(name.normalize("NFKC").replaceAll(/\u200d|\ufe0f/g, ""));
  const latin = letters.map((letter) => ALIKE.get(letter) ?? letter).join("");
  return latin.toLowerCase().normalize("NFKC").replaceAll(/[i1|]/g, "l").replaceAll("0", "o");
}

/** Digits of the key that a mark begins with; more where two people's begin alike. */
const DIGITS = 4;

/** A mark of their own for those whose names look like somebody else's, by member. */
export function marksOf(people: readonly Pick<Person, "id" | "name">[]): ReadonlyMap<string, string> {
  const alike = new Map<string, string[]>();
  for (const { id, name } of people) {
    const likeness = likenessOf(shownName(name));
    alike.set(likeness, [...(alike.get(likeness) ?? []), id]);
  }
  const marks = new Map<string, string>();
  for (const ids of alike.values()) {
    if (ids.length < 2) continue;
    let digits = DIGITS;
    while (digits < 64 && new Set(ids.map((id) => id.slice(0, digits))).size < ids.length) digits += 1;
    for (const id of ids) marks.set(id, `#${id.slice(0, digits)}`);
  }
  return marks;
}

const LEFTWARD = /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u;

/** A name inside of a sentence that is a plain string: what is written from right to left stays its own. */
export function apart(name: string): string {
  return LEFTWARD.test(name) ? `\u2068${name}\u2069` : name;
}
