/** The browser's disk passes the scenarios of `core/rooms/src/disk/conformance.rs`, as files and the simulated one do. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Laboratory } from "./harness/echo";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
}, 60_000);
afterAll(() => laboratory.close());

test("IndexedDB passes every scenario of a disk", async () => {
  const outcomes = await laboratory.disk();
  const failed = Object.entries(outcomes).filter(([, outcome]) => outcome !== "passed");
  expect(failed).toEqual([]);
  expect(Object.keys(outcomes).length).toBeGreaterThan(0);
}, 120_000);
