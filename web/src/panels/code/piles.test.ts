import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import { piles } from "./piles";

const ACUTE = "\u0301";
const stateOf = (doc: string) => EditorState.create({ doc, extensions: piles });

/** The ranges of the text that are in a pile. */
function hidden(state: EditorState): number[][] {
  const found: number[][] = [];
  for (const set of state.facet(EditorView.decorations)) {
    if (typeof set === "function") continue;
    set.between(0, state.doc.length, (from, to) => void found.push([from, to]));
  }
  return found;
}

test("piles follow edits: before them, in them, into one, and out of one", () => {
  let state = stateOf(`e${ACUTE.repeat(100)}\nlast`);
  expect(hidden(state)).toEqual([[31, 101]]);
  const write = (from: number, insert: string, to = from) => {
    state = state.update({ changes: { from, to, insert } }).state;
    return hidden(state);
  };
  expect(write(0, "ab\n")).toEqual([[34, 104]]);
  expect(write(104, ACUTE)).toEqual([[34, 105]]);
  expect(write(54, "x"), "a letter in the midst").toEqual([
    [34, 54],
    [85, 106],
  ]);
  expect(write(54, "", 55), "and taken out").toEqual([[34, 105]]);
  expect(write(54, "\n")).toEqual([
    [34, 54],
    [85, 106],
  ]);
  expect(write(4, "", 90), "what is left is no pile").toEqual([]);
  expect(write(0, `e${ACUTE.repeat(31)} `), "pasted").toEqual([[31, 32]]);
  expect(write(0, "", state.doc.length)).toEqual([]);
});

test("piles follow changes at several places at once", () => {
  const state = stateOf(`e${ACUTE.repeat(50)}\nx\ne${ACUTE.repeat(50)}\ne${ACUTE.repeat(50)}`);
  expect(hidden(state)).toHaveLength(3);
  const changes = [
    { from: 1, insert: "a" },
    { from: 110, insert: "a" },
  ];
  expect(hidden(state.update({ changes }).state)).toHaveLength(3);
});
