import { expect, test } from "vitest";
import { inkOn } from "./color";

test.each([
  ["#0f766e", "#fff"],
  ["#facc15", "#111"],
  ["#ffffff", "#111"],
  ["#000000", "#fff"],
  ["not a colour", "#fff"],
])("text on %s is %s", (color, ink) => {
  expect(inkOn(color)).toBe(ink);
});
