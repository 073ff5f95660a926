/** Names that other people chose: cleaned as the engine cleans them, compared by what they look like, kept apart. */
import type { Person } from "../engine";
import { count } from "./format";
import { oneOf } from "./ranges";

/** How long a name may be: in letters as people see them, and in bytes, of which a letter may have many. */
export interface NameLength {
  letters: number;
  bytes: number;
}

/** 32 bytes fewer than the engine keeps: what it cuts in the midst of a letter is not shown. */
export const NAME: NameLength = { letters: 40, bytes: 480 };
export const TITLE: NameLength = { letters: 80, bytes: 992 };
/** Marks above and below one letter. */
const MARKS = 2;

/** Drawn as blank without being white space: fillers of Hangul, an empty cell of Braille, a note without a head. */
const FILLERS = oneOf(
  [
    [0x115f, 0x1160],
    [0x2800, 0x2800],
    [0x3164, 0x3164],
    [0xffa0, 0xffa0],
    [0x13441, 0x13442],
    [0x1d159, 0x1d159],
  ],
  "gu",
);
/** Characters that can't be seen or turn the direction; joiners and selectors are looked at one by one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff0-\ufffc]/u;
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

/** A name as it may be shown, maybe an empty one. `core/rooms/src/presence/name.rs` does the same. */
export function cleanName(name: string, room = NAME): string {
  const clean = seen(name, room);
  return clean.slice(0, fits(clean, room)).trimEnd();
}

/** Why a name is too long, and by how much, if it is. */
export function tooLong(name: string, room: NameLength): string | undefined {
  const clean = seen(name, room);
  const fitting = fits(clean, room);
  if (fitting === clean.length) return undefined;
  const over = lettersOf(clean.slice(fitting)).length;
  return `Too long by ${count(over, "character")}: there is room for ${lettersOf(clean).length - over}.`;
}

/** Letters as people see them: with their accents, joined emoji whole. */
export function lettersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** Whether there is nothing in it that anybody could see. */
export function isBlank(text: string): boolean {
  for (const letter of text.replaceAll(FILLERS, " "))
    if (!/\p{White_Space}/u.test(letter) && !UNSEEN.test(letter) && !MARK.test(letter)) return false;
  return true;
}

/** A text without what can't be seen. Of megabytes only the beginning is read. */
function seen(name: string, { bytes }: NameLength): string {
  const letters = Array.from(
    name
      .slice(0, 16 * bytes)
      .replaceAll(/\p{White_Space}/gu, " ")
      .replaceAll(FILLERS, " "),
  );
  let [clean, last, marks] = ["", " ", MARKS];
  for (const [at, letter] of letters.entries()) {
    if (!keeps(letter, last, letters[at + 1], marks)) continue;
    // A mark on a blank would stand on what is before the name.
    marks = letter === " " ? MARKS : MARK.test(letter) ? marks + 1 : 0;
    clean += letter;
    last = letter;
  }
  return clean.replace(/[ \u200d]+$/, "");
}

/** How much of a name there is room for, in whole letters. */
function fits(name: string, { letters, bytes }: NameLength): number {
  let [length, size] = [0, 0];
  for (const letter of lettersOf(name).slice(0, letters)) {
    size += utf8.encode(letter).length;
    if (size > bytes) break;
    length += letter.length;
  }
  return length;
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
  return cleanName(title, TITLE) || "A room without a title";
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

/** Marks for members whose names look like somebody else's, by member. */
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

/** The blocks of all scripts that are written from right to left, those to come included. */
const LEFTWARD = oneOf([
  [0x590, 0x8ff],
  [0xfb1d, 0xfdff],
  [0xfe70, 0xfeff],
  [0x10800, 0x10fff],
  [0x1e800, 0x1efff],
]);

/** A name inside of a sentence that is a plain string: what is written from right to left stays its own. */
export function apart(name: string): string {
  return LEFTWARD.test(name) ? `\u2068${name}\u2069` : name;
}
