/**
 * Shows characters that can't be seen, each by a mark of its own: they hide in names and turn the direction of code.
 * A mark is an element of the page, so there is a bound on them; what turns the direction is marked longest.
 */
import {
  Compartment,
  EditorState,
  StateEffect,
  StateField,
  type Extension,
  type Text,
} from "@codemirror/state";
import { highlightSpecialChars } from "@codemirror/view";
import { MARKED } from "../../shared/limits";
import { oneOf, type Range } from "../../shared/ranges";

const turning: Range[] = [
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];
/** Not the joiners, which emoji and Persian are written with, and not what a line ends by. */
const special: Range[] = [
  ...turning,
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x2028, 0x2029],
  [0x2060, 0x2065],
  [0x206a, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffc],
  [0xe0000, 0xe007f],
];

const TURNING = oneOf(turning, "gu");
const SPECIAL = oneOf(special, "gu");

interface Count {
  all: number;
  turning: number;
}

export type Marked = "all" | "turning" | "none";

const counted = StateEffect.define<Count>();
const count = StateField.define<Count>({
  create: ({ doc }) => countOf(doc.toString()),
  update(before, { effects }) {
    for (const effect of effects) if (effect.is(counted)) before = effect.value;
    return before;
  },
});

const marks = new Compartment();
const looks: Record<Marked, Extension> = {
  all: highlightSpecialChars({ specialChars: SPECIAL }),
  turning: highlightSpecialChars({ specialChars: TURNING }),
  none: [],
};

/** For a text that the editor begins with. */
export function specialCharacters(text: string): Extension {
  const first = countOf(text);
  return [count.init(() => first), marks.of(looks[markedBy(first)]), recount];
}

/** Which of them are marked. */
export function markedIn(state: EditorState): Marked {
  const found = state.field(count, false);
  return found ? markedBy(found) : "all";
}

const recount = EditorState.transactionExtender.of(({ docChanged, startState, changes, newDoc }) => {
  if (!docChanged) return null;
  const before = startState.field(count);
  const after = { ...before };
  const add = (doc: Text, from: number, to: number, sign: 1 | -1) => {
    const { all, turning } = countOf(doc.sliceString(from, to));
    after.all += sign * all;
    after.turning += sign * turning;
  };
  changes.iterChanges((fromA, toA, fromB, toB) => {
    add(startState.doc, fromA, toA, -1);
    add(newDoc, fromB, toB, 1);
  });
  if (after.all === before.all && after.turning === before.turning) return null;
  const effects: StateEffect<unknown>[] = [counted.of(after)];
  const look = markedBy(after);
  if (look !== markedBy(before)) effects.push(marks.reconfigure(looks[look]));
  return { effects };
});

function markedBy({ all, turning }: Count): Marked {
  return all <= MARKED ? "all" : turning <= MARKED ? "turning" : "none";
}

function countOf(text: string): Count {
  const all = timesIn(text, SPECIAL);
  return { all, turning: all === 0 ? 0 : timesIn(text, TURNING) };
}

function timesIn(text: string, pattern: RegExp): number {
  let times = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) times += 1;
  return times;
}
