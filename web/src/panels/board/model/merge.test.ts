import { expect, test } from "vitest";
import { sample } from "../codec/samples";
import { changedFields, merged } from "./merge";

const base = sample("box");

test("an element restyled elsewhere keeps its style when it is moved here", () => {
  const own = { ...base, x: 500, version: 20, versionNonce: 1 };
  const current = { ...base, strokeColor: "#ff0000", version: 9, versionNonce: 2 };
  expect(merged(base, own, current)).toMatchObject({ x: 500, strokeColor: "#ff0000", version: 21 });
});

test("one's own edit wins where both changed the same", () => {
  expect(merged(base, { ...base, x: 1 }, { ...base, x: 2 })).toMatchObject({ x: 1 });
});

test("an edit without a concurrent one is taken as it is", () => {
  const own = { ...base, x: 1, version: 8 };
  expect(merged(base, own, base)).toEqual(own);
});

test("a new version of the same picture is no change", () => {
  expect(changedFields(base, { ...base, version: 50, versionNonce: 3, updated: 9 })).toEqual({});
  expect(changedFields(sample("image"), sample("image", { status: "error" }))).toEqual({});
});

test("nested values are compared by content", () => {
  expect(changedFields(base, { ...base, groupIds: ["group_1", "group-2"] })).toEqual({});
  expect(changedFields(base, { ...base, groupIds: ["group_1"] })).toEqual({ groupIds: ["group_1"] });
});
