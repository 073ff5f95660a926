import { expect, test } from "vitest";
import { CoveyError, type AnyCoveyError } from "./errors.js";

test("an error has a code, and details where there are any", () => {
  const full = new CoveyError("storage-full");
  expect(full).toBeInstanceOf(Error);
  expect(full).toMatchObject({ name: "CoveyError", code: "storage-full", message: "storage-full" });
  expect(full.details).toBeUndefined();
  const refused = new CoveyError("edit-refused", { document: "code", reason: "role" });
  expect(refused.message).toBe('edit-refused {"document":"code","reason":"role"}');
});

test("the code of an error tells what its details are", () => {
  const segments = (error: AnyCoveyError): number =>
    error.code === "segments-unreadable" ? error.details.segments : 0;
  expect(segments(new CoveyError("segments-unreadable", { segments: 3 }))).toBe(3);
  expect(segments(new CoveyError("newer"))).toBe(0);
});
