import { expect, test } from "vitest";
import { parsed } from "./choices";

test("what was chosen is read again", () => {
  const stored = {
    microphone: "a",
    camera: "b",
    speaker: "c",
    withCamera: true,
    saving: true,
    detail: "motion",
  };
  expect(parsed(JSON.stringify(stored))).toEqual(stored);
});

test.each([undefined, "", "null", "7", "[1", '{"microphone": 7, "withCamera": "yes", "detail": "none"}'])(
  "a stored %j is no choice",
  (text) => {
    expect(parsed(text)).toEqual({});
  },
);

test("an id that no browser gives is left out", () => {
  expect(parsed(JSON.stringify({ camera: "x".repeat(300), speaker: "c" }))).toEqual({ speaker: "c" });
});
