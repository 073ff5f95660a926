import { afterEach, expect, test, vi } from "vitest";
import { digestOf, freshId } from "./ids";

afterEach(() => vi.unstubAllGlobals());

const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const abc = new TextEncoder().encode("abc");

/** As a page has it that was opened over plain http. */
function withoutSecureContext() {
  const getRandomValues = <T extends ArrayBufferView>(values: T) => values;
  vi.stubGlobal("crypto", { getRandomValues });
}

test("digests are the same with and without a secure context", async () => {
  expect(await digestOf(abc)).toBe(SHA256_OF_ABC);
  withoutSecureContext();
  expect(await digestOf(abc)).toBe(SHA256_OF_ABC);
});

test("ids are what files and pages of the board take, and never the same", () => {
  withoutSecureContext();
  const ids = Array.from({ length: 100 }, freshId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});
