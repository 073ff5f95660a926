import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { expect, test } from "vitest";
import { PAUSED, pausing } from "./pausing";

const LANGUAGE: Extension = EditorState.tabSize.of(3);

function stateWith(language: Compartment, extension: Extension): EditorState {
  return EditorState.create({ extensions: [language.of(extension), pausing(language)] });
}

test("a large change is made without the language, also with typing in it", () => {
  const language = new Compartment();
  const state = stateWith(language, LANGUAGE);
  const typed = state.update({ changes: { from: 0, insert: "key" } }).state;
  expect(language.get(typed)).toBe(LANGUAGE);
  const pasted = state.update({ changes: { from: 0, insert: "x".repeat(20_000) } }).state;
  expect(language.get(pasted)).toBe(PAUSED);
  const gone = pasted.update({ effects: language.reconfigure(LANGUAGE) }).state;
  const cleared = gone.update({ changes: { from: 0, to: gone.doc.length } }).state;
  expect(language.get(cleared), "nothing comes that is to be read").toBe(LANGUAGE);
});

test("plain text stays plain text", () => {
  const language = new Compartment();
  const plain: Extension = [];
  const state = stateWith(language, plain);
  const pasted = state.update({ changes: { from: 0, insert: "x".repeat(20_000) } }).state;
  expect(language.get(pasted)).toBe(plain);
});
