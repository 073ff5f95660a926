import { expect, test } from "vitest";
import { count, expiry, initial, relative } from "./format";

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

test("a count agrees with its noun", () => {
  expect(count(1, "edit waits", "edits wait")).toBe("1 edit waits");
  expect(count(3, "edit waits", "edits wait")).toBe("3 edits wait");
  expect(count(12_000, "edit")).toBe("12,000 edits");
});

test.each([
  ["ada", "A"],
  ["  éva", "É"],
  ["👩‍🚀 Sally", "👩‍🚀"],
  ["", "?"],
])("the initial of %j is %j", (name, letter) => {
  expect(initial(name)).toBe(letter);
});

test("times are said in the largest unit that fits", () => {
  expect(relative(NOW, NOW)).toBe("just now");
  expect(relative(NOW + 30_000, NOW)).toBe("in less than a minute");
  expect(relative(NOW + 2 * HOUR, NOW)).toBe("in 2 hours");
  expect(relative(NOW - 24 * HOUR, NOW)).toBe("yesterday");
});

test("an expiry says whether it has passed", () => {
  expect(expiry(undefined)).toBe("does not expire");
  expect(expiry(NOW + HOUR, NOW)).toBe("expires in 1 hour");
  expect(expiry(NOW - HOUR, NOW)).toBe("expired 1 hour ago");
});
