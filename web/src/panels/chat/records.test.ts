import { expect, test } from "vitest";
import { isEmoji, recordFrom, TEXT_LIMIT } from "./records";

const of = "123.4";

test.each([
  { k: "say", text: "hello", at: 1 },
  { k: "say", text: "hello", at: 1, re: of },
  { k: "edit", of, text: "x", at: 0 },
  { k: "remove", of, at: 1 },
  { k: "restore", of, at: 1 },
  { k: "react", of, emoji: "👍🏽", on: true },
  { k: "say", text: "é".repeat(TEXT_LIMIT / 2), at: 1 },
])("%j is a record", (record) => {
  expect(recordFrom(record)).toEqual(record);
});

test("fields that nobody knows are left out", () => {
  expect(recordFrom({ k: "remove", of, at: 1, extra: "x" })).toEqual({ k: "remove", of, at: 1 });
});

test.each([
  null,
  undefined,
  "say",
  7,
  [],
  new Uint8Array(3),
  {},
  { k: "pin", of, at: 1 },
  { k: "say", text: "", at: 1 },
  { k: "say", text: " \n\t", at: 1 },
  { k: "say", text: "\u200b\u3164\u202e", at: 1 },
  { k: "say", text: ["x"], at: 1 },
  { k: "say", text: { toString: "x" }, at: 1 },
  { k: "say", text: "x".repeat(TEXT_LIMIT + 1), at: 1 },
  { k: "say", text: "é".repeat(TEXT_LIMIT / 2 + 1), at: 1 },
  { k: "say", text: "x" },
  { k: "say", text: "x", at: "1" },
  { k: "say", text: "x", at: NaN },
  { k: "say", text: "x", at: -1 },
  { k: "say", text: "x", at: 9e15 },
  { k: "say", text: "x", at: 1, re: 7 },
  { k: "say", text: "x", at: 1, re: "1.2.3" },
  { k: "say", text: "x", at: 1, re: "01.2" },
  { k: "edit", of: "__proto__", text: "x", at: 1 },
  { k: "edit", text: "x", at: 1 },
  { k: "remove", of },
  { k: "react", of, emoji: "👍👍", on: true },
  { k: "react", of, emoji: "a", on: true },
  { k: "react", of, emoji: "<b>", on: true },
  { k: "react", of, emoji: "👍", on: 1 },
])("%j is no record", (value) => {
  expect(recordFrom(value)).toBeUndefined();
});

test("a large integer is no moment", () => {
  expect(recordFrom({ k: "say", text: "x", at: 1n })).toBeUndefined();
});

test.each(["👍", "❤️", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇪🇺", "1️⃣"])("%s is one emoji", (emoji) => {
  expect(isEmoji(emoji)).toBe(true);
});

test.each(["", "x", "👍x", "👍 ", "👍".repeat(9), "e\u0301", `👍${"\u0301".repeat(40)}`, 1, null])(
  "%j is not one emoji",
  (value) => {
    expect(isEmoji(value)).toBe(false);
  },
);
