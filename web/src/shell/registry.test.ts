import { expect, test } from "vitest";
import * as withNotes from "../../../examples/panel/panels";
import type { PanelSpec } from "../panels/spec";
import { arranged } from "./layout/model";
import { middling, wide } from "./layout/first";
import { read, written } from "./layout/stored";
import { panels, specOf } from "./registry";

const six: readonly PanelSpec[] = Object.values<PanelSpec>(withNotes).sort((a, b) => a.digit - b.digit);

test("the page has five panels, in the order of their digits", () => {
  expect(panels.map(({ id, digit }) => `${digit} ${id}`)).toEqual([
    "1 code",
    "2 board",
    "3 chat",
    "4 people",
    "5 call",
  ]);
  expect(specOf("chat").label).toBe("Chat");
  expect(() => specOf("notes")).toThrow("no panel notes");
});

test("the example adds one, and changes none of the others", () => {
  expect(six.slice(0, 5)).toEqual(panels);
  expect(six.slice(5).map(({ id }) => id)).toEqual(["notes"]);
});

test.each([
  ["the page", panels],
  ["the page with the example", six],
])("%s has every distinguishing mark of a panel once", (_, all) => {
  for (const name of ["id", "label", "digit", "subject"] as const) {
    expect(new Set(all.map((spec) => spec[name])).size).toBe(all.length);
  }
  for (const { id } of all) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
});

test("the first arrangement is fixed, and a further panel changes nothing visible", () => {
  const drawn = (layout: ReturnType<typeof wide>) =>
    arranged(layout).map(({ size, groups }) => [size, groups.map(({ panels }) => panels.join("+"))]);
  const [large, small] = [
    [
      [53, ["code"]],
      [28, ["chat"]],
      [19, ["people"]],
    ],
    [
      [64, ["code"]],
      [36, ["people", "chat"]],
    ],
  ];
  for (const all of [panels, six]) {
    expect(drawn(wide(all))).toEqual(large);
    expect(drawn(middling(all))).toEqual(small);
  }
});

test("an arrangement of the page without the example is the same with it, and back", () => {
  const before = written(wide(panels));
  const after = read(before, six);
  expect(after?.hidden).toEqual(["board", "call", "notes"]);
  expect(after && read(written(after), panels)).toEqual(wide(panels));
});
