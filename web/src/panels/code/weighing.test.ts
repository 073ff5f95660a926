import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { expect, test } from "vitest";
import { troubleOf, weighing } from "./weighing";
import { depthOf, troubleIn, type Kind } from "../../shared/weight";

const LANGUAGE: Extension = EditorState.tabSize.of(3);
const language = new Compartment();

function stateOf(doc: string, kind: Kind): EditorState {
  return EditorState.create({ doc, extensions: [language.of(LANGUAGE), weighing(kind, language)] });
}

test.each<[what: string, kind: Kind, before: string, insert: string]>([
  ["tags", "tags", "<p>\n", "<a>\n".repeat(600)],
  ["brackets", "brackets", "[\n", "[\n".repeat(600)],
  ["a line that grows", "brackets", "a".repeat(19_999), "bc"],
  ["a paragraph", "markdown", "word\n\n", "_**a".repeat(4_000)],
])("%s take the language away in the change that brings them", (_what, kind, before, insert) => {
  const state = stateOf(before, kind);
  expect(language.get(state)).toBe(LANGUAGE);
  const { state: after } = state.update({ changes: { from: before.length, insert } });
  expect(troubleOf(after)).toBe(troubleIn(before + insert, kind));
  expect(troubleOf(after)).toBeDefined();
  expect(language.get(after)).not.toBe(LANGUAGE);
});

test("two paragraphs that become one are weighed as one", () => {
  const half = "_**a ".repeat(500);
  const state = stateOf(`${half}\n\n${half}`, "markdown");
  expect(troubleOf(state)).toBeUndefined();
  const { state: joined } = state.update({ changes: { from: half.length, to: half.length + 1 } });
  expect(troubleOf(joined)).toBe("block");
});

test("a text weighs the same letter by letter as at once", () => {
  let state = stateOf("", "tags");
  let typed = 0;
  while (troubleOf(state) === undefined && typed < 2_000) {
    state = state.update({ changes: { from: state.doc.length, insert: "[\n" } }).state;
    typed += 1;
  }
  expect(typed).toBe(501);
});

test("brackets that come and go at one place make nothing heavy", () => {
  let state = stateOf("(a)\n".repeat(100), "tags");
  for (let i = 0; i < 2_000; i += 1) {
    state = state.update({ changes: { from: 1, to: i === 0 ? 1 : 3, insert: "()" } }).state;
  }
  expect(troubleOf(state)).toBeUndefined();
  expect(depthOf(state.doc.toString(), "tags")).toBe(2);
});
