import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { markedIn, specialCharacters } from "./specialCharacters";

const stateOf = (doc: string) => EditorState.create({ doc, extensions: specialCharacters(doc) });

test.each([
  ["plain text", "abc\n".repeat(5_000), "all"],
  ["a few", "a\u0000b\u202ec", "all"],
  ["joined emoji", "👩\u200d💻".repeat(5_000), "all"],
  ["50 KB of nothing", "\0".repeat(50_000), "turning"],
  ["one in every second place", "a\u200b".repeat(450_000), "turning"],
  ["letters that are blank", "\u3164".repeat(3_000), "turning"],
  ["nothing but turns", "\u202e".repeat(3_000), "none"],
] as const)("%s", (_what, text, marked) => {
  expect(markedIn(stateOf(text))).toBe(marked);
  const { state } = stateOf("").update({ changes: { from: 0, insert: text } });
  expect(markedIn(state), "written into an empty file").toBe(marked);
  const { state: gone } = state.update({ changes: { from: 0, to: text.length } });
  expect(markedIn(gone), "and deleted again").toBe("all");
});

test("characters are counted as they come one by one", () => {
  let state = stateOf("\0".repeat(2_000));
  expect(markedIn(state)).toBe("all");
  state = state.update({ changes: { from: 5, insert: "\u2066" } }).state;
  expect(markedIn(state)).toBe("turning");
  state = state.update({ changes: { from: 0, to: 1 } }).state;
  expect(markedIn(state)).toBe("all");
});
