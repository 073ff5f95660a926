import { expect, test } from "vitest";
import { decodeNumbers, decodePoints, encodeNumbers, encodePoints, NUMBERS } from "./numbers";

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

test("points that are Float32 take four bytes a number", () => {
  expect(
    hex(
      encodePoints([
        [0, -1],
        [2.5, 3],
      ]),
    ),
  ).toBe("04" + "00000000" + "000080bf" + "00002040" + "00004040");
});

test("other points take eight bytes a number, and lose nothing", () => {
  expect(hex(encodePoints([[0.1, -2]]))).toBe("08" + "9a9999999999b93f" + "00000000000000c0");
  expect(decodePoints(encodePoints([[0.1, -2]]))).toEqual([[0.1, -2]]);
});

test("a draft's points are rounded", () => {
  expect(decodePoints(encodePoints([[0.1, 5]], true))).toEqual([[Math.fround(0.1), 5]]);
});

test.each([
  ["nothing", undefined],
  ["a list", [4, 0, 0, 0, 0]],
  ["no width", new Uint8Array()],
  ["an unknown width", Uint8Array.of(2, 0, 0)],
  ["a cut number", Uint8Array.of(4, 0, 0, 0)],
  ["NaN", encodeNumbers([Number.NaN])],
  ["infinity", encodeNumbers([Number.POSITIVE_INFINITY])],
  ["too many", encodeNumbers(Array.from({ length: NUMBERS + 1 }, () => 0))],
])("%s is no row of numbers", (_, bytes) => {
  expect(decodeNumbers(bytes)).toBeUndefined();
});

test("half a point is invalid", () => {
  expect(decodePoints(encodeNumbers([1, 2, 3]))).toBeUndefined();
});

test("bytes in the middle of a buffer are read from there", () => {
  const outer = new Uint8Array([9, 9, ...encodeNumbers([7])]);
  expect(decodeNumbers(outer.subarray(2))).toEqual([7]);
});
