import { expect, test } from "vitest";
import { isSameDay } from "./calendar";
import { agoOf, dayOf, standTogether } from "./time";

const NOON = new Date(2026, 10, 20, 12).getTime();
const HOUR = 3_600_000;

test.each([
  [NOON, "Today"],
  [NOON + 11 * HOUR, "Today"],
  [NOON - 13 * HOUR, "Yesterday"],
  [new Date(2026, 10, 16, 1).getTime(), "Monday, November 16"],
  [new Date(2025, 11, 31).getTime(), "December 31, 2025"],
  [8.64e15, expect.any(String)],
])("the day of %d is %s", (at, label) => {
  expect(dayOf(at, NOON)).toEqual(label);
});

test("days end at midnight here", () => {
  expect(isSameDay(NOON, NOON + 11 * HOUR)).toBe(true);
  expect(isSameDay(NOON, NOON + 12 * HOUR)).toBe(false);
  expect(isSameDay(NOON, new Date(2025, 10, 20, 12).getTime())).toBe(false);
});

test("messages of one person within five minutes stand together", () => {
  const message = { member: "a", at: NOON, removed: false };
  expect(standTogether(undefined, message)).toBe(false);
  expect(standTogether(message, { ...message, at: NOON + 60_000 })).toBe(true);
  expect(standTogether(message, { ...message, at: NOON + 300_000 })).toBe(false);
  expect(standTogether(message, { ...message, member: "b" })).toBe(false);
  expect(standTogether({ ...message, removed: true }, message)).toBe(false);
  const midnight = new Date(2026, 10, 21).getTime();
  expect(standTogether({ ...message, at: midnight - 1 }, { ...message, at: midnight })).toBe(false);
});

test("a time later than now counts as now", () => {
  expect(agoOf(NOON + 400 * 24 * HOUR, NOON)).toBe("just now");
  expect(agoOf(NOON - 2 * HOUR, NOON)).toBe("2 hours ago");
});
