import { expect, test } from "vitest";
import { bits, bytes, clock, lineOf, milliseconds, pictureWords, share } from "./numbers";

test.each([
  [0, "0 kbit/s"],
  [350_400, "350 kbit/s"],
  [999_900, "1.0 Mbit/s"],
  [2_340_000, "2.3 Mbit/s"],
  [NaN, "–"],
])("%d bits a second are %s", (value, text) => {
  expect(bits(value)).toBe(text);
});

test("shares and times are short, and a dash where they are not known", () => {
  expect([0, 0.004, 0.123, 1, NaN].map(share)).toEqual(["0 %", "0.4 %", "12 %", "100 %", "–"]);
  expect([41.6, NaN].map(milliseconds)).toEqual(["42 ms", "–"]);
});

test("a picture is its codec, size and frames", () => {
  expect(pictureWords({ codec: "VP8", width: 1280, height: 720, rate: 29.7 })).toBe("VP8 1280×720, 30 fps");
});

test("the last value is at the right, the largest at the top, and what is not known is left out", () => {
  expect(lineOf([0, NaN, 10], { width: 119, height: 12 })).toBe("117.0,11.0 119.0,1.0");
  expect(lineOf([], { width: 119, height: 12 })).toBe("");
  expect(
    lineOf(
      Array.from({ length: 500 }, () => 1),
      { width: 119, height: 12 },
    ).split(" "),
  ).toHaveLength(120);
});

test("spans and sizes are short", () => {
  expect([0, 59_999, 192_400, 3_792_000].map(clock)).toEqual(["0:00", "0:59", "3:12", "1:03:12"]);
  expect([1, 340_000, 12_300_000, 999_400_000, 1_400_000_000].map(bytes)).toEqual([
    "1 KB",
    "340 KB",
    "12 MB",
    "999 MB",
    "1.4 GB",
  ]);
});
