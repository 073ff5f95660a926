import { expect, test } from "vitest";
import { isSave } from "./keyboard";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  ["s", "KeyS", { ctrlKey: true }, true],
  ["S", "KeyS", { ctrlKey: true }, true],
  ["s", "KeyS", { metaKey: true }, true],
  // Russian, and Dvorak in both directions.
  ["ы", "KeyS", { ctrlKey: true }, true],
  ["s", "Semicolon", { ctrlKey: true }, true],
  ["o", "KeyS", { ctrlKey: true }, false],
  ["s", "KeyS", {}, false],
  ["s", "KeyS", { ctrlKey: true, shiftKey: true }, false],
  ["ś", "KeyS", { ctrlKey: true, altKey: true }, false],
])("%s on %s with %j: %s", (key, code, held, saves) => {
  expect(isSave({ key, code, ...none, ...held } as KeyboardEvent)).toBe(saves);
});
