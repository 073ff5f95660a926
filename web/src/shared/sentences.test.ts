import { CoveyError } from "covey";
import { expect, test } from "vitest";
import { hasCode, UserError, sentence } from "./sentences";

test.each([
  [
    new CoveyError("storage-full"),
    "This device's storage is full. What you write reaches the others, but is not kept here.",
  ],
  [
    new CoveyError("edit-refused", { document: "code", reason: "role" }),
    "You may read here, not write: your last change was taken back.",
  ],
  [
    new CoveyError("edit-refused", { document: "code", reason: "guard" }),
    "Your last change could not be accepted and was taken back.",
  ],
  [
    new CoveyError("edit-refused", { document: "code", reason: "constructor" }),
    "Your last change could not be accepted and was taken back.",
  ],
  [
    new CoveyError("link-invalid", { reason: "bound" }),
    "This invite link is not valid: this link is bound to one person. Ask for a new one.",
  ],
  [
    new CoveyError("link-not-made", { reason: "wider" }),
    "This link can't give more than the one it is made from.",
  ],
  [
    new CoveyError("terms-useless", { term: "uses" }),
    "How many people may use a link is a whole number, one or more.",
  ],
  [
    new CoveyError("said-too-large", { limit: 16_384 }),
    "What is said in passing has a short name and at most 16 KiB.",
  ],
])("%s", (error, words) => {
  expect(sentence(error)).toBe(words);
});

test("what is meant for the person is said as it is, what is not is introduced", () => {
  expect(sentence(new UserError("This image is too large."))).toBe("This image is too large.");
  expect(sentence(new Error("boom."))).toBe("Something went wrong: boom.");
  expect(sentence("boom")).toBe("Something went wrong: boom.");
});

test("an error of a version that has more codes is told all the same", () => {
  const error = Object.assign(new Error("too-new"), { name: "CoveyError", code: "too-new" });
  expect(sentence(error)).toBe("Something went wrong: too-new.");
});

test("an error is known by its code", () => {
  expect(hasCode(new CoveyError("room-unknown"), "room-unknown")).toBe(true);
  expect(hasCode(new CoveyError("room-left"), "room-unknown")).toBe(false);
  expect(hasCode("room-unknown", "room-unknown")).toBe(false);
});
