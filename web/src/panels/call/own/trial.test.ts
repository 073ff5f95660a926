import { expect, test } from "vitest";
import { SPEECH } from "./meter";
import { wasHeard } from "./trial";

test("a click is no voice", () => {
  expect(wasHeard([0, 0.5, 0, 0])).toBe(false);
  expect(wasHeard(Array.from({ length: 60 }, () => SPEECH / 2))).toBe(false);
  expect(wasHeard([0, 0.1, 0.1, 0, 0.1])).toBe(true);
});
