import { expect, test } from "vitest";
import { freshId } from "../../shared/ids";
import { decoded, encoded } from "./view";

test("a view comes out as it went in", () => {
  for (const view of [
    { file: "main", line: 1 },
    { file: freshId(), line: 9_999_999 },
  ]) {
    expect(decoded(encoded(view))).toEqual(view);
  }
});

test.each([
  "",
  "main",
  "main 0",
  "main -1",
  "main 1.5",
  "main 12345678",
  "../x 1",
  "main 1 ",
  `${"x".repeat(70)} 1`,
])("%j is no view", (text) => {
  expect(decoded(new TextEncoder().encode(text))).toBeUndefined();
});

test("bytes that are no text are no view, however many", () => {
  expect(decoded(new Uint8Array([0xff, 0xfe, 0x20, 0x31]))).toBeUndefined();
  expect(decoded(new Uint8Array(16_384).fill(0x61))).toBeUndefined();
});
