import { expect, test } from "vitest";
import { pilesIn, thinned } from "./piles";

const ACUTE = "\u0301";

test.each([
  ["what people write", `cafe${ACUTE} ด้้้้็็็็ นี้ שָׁלוֹם 👩🏽‍💻👍🏿 한글 नमस्ते e${ACUTE.repeat(30)}`],
  ["piles of thirty, side by side", `e${ACUTE.repeat(30)}`.repeat(1_000)],
  ["nothing", ""],
])("%s has no pile", (_what, text) => {
  expect(pilesIn(text)).toEqual([]);
  expect(thinned(text)).toBe(text);
});

test.each([
  ["accents", ACUTE],
  ["points of Hebrew", "\u05b0"],
  ["accents beyond the first plane", "\u{1d165}"],
  ["colours of skin", "🏻"],
  ["accents with a joiner between", `${ACUTE}\u200d`],
  ["accents with what can't be seen between", `${ACUTE}\u200b\u034f\u202e`],
])("a hundred %s are shown as thirty and a number", (_what, mark) => {
  const text = `before e${mark.repeat(100)} after`;
  expect(pilesIn(text)).toEqual([{ from: 8 + 30 * mark.length, to: 8 + 100 * mark.length, marks: 70 }]);
  expect(thinned(text)).toBe(`before e${mark.repeat(30)}‹+70 marks› after`);
});

test("each letter has its own pile", () => {
  const text = `a${ACUTE.repeat(31)}\n${ACUTE.repeat(40)}`;
  expect(thinned(text)).toBe(`a${ACUTE.repeat(30)}‹+1 mark›\n${ACUTE.repeat(30)}‹+10 marks›`);
});
