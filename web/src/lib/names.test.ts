import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apart, cleanName, likenessOf, marksOf, shownName, shownTitle } from "./names";

/** The table that the engine's own tests read, too. */
const table = readFileSync(new URL("../../../tests/vectors/names.txt", import.meta.url), "utf8");
const unescaped = (text: string) =>
  text.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)));
const lines = table
  .trimEnd()
  .split("\n")
  .filter((line) => !line.startsWith("#"))
  .map((line) => line.split(" -> ") as [string, string]);

test.each(lines)("of %s there is left %j", (name, clean) => {
  expect(cleanName(unescaped(name))).toBe(unescaped(clean));
});

test("names and titles are cut at whole letters, and megabytes of them at once", () => {
  expect(cleanName("é".repeat(1_000_000))).toBe("é".repeat(48));
  expect(cleanName("\u200b".repeat(10_000_000))).toBe("");
});

test("who has no name that can be seen is someone", () => {
  expect(shownName("\u3164\u200b")).toBe("Someone");
  expect(shownName(undefined)).toBe("Someone");
  expect(shownTitle("\u202e")).toBe("A room without a title");
});

test.each([
  ["Ada", "ada"],
  ["Ada", "Аdа"],
  ["Alice", "AIice"],
  ["Alice", "A1ice"],
  ["Bob", "B0b"],
  ["Ada", "Ａｄａ"],
  ["Zoë", "Zoe\u0308"],
  ["❤️", "❤"],
  ["ΝΙΚΟΣ", "NIKOΣ"],
])("%s looks like %s", (a, b) => {
  expect(likenessOf(a)).toBe(likenessOf(b));
});

test.each([
  ["Ada", "Ida"],
  ["Ann", "Anna"],
  ["张伟", "张炜"],
  ["Иван", "Ivan"],
])("%s does not look like %s", (a, b) => {
  expect(likenessOf(a)).not.toBe(likenessOf(b));
});

test("equal names are told apart by their keys, also where those begin alike", () => {
  const person = (id: string, name: string) => ({ id: id.padEnd(64, "0"), name });
  const people = [
    person("a1b2c3", "Ada"),
    person("a1b2d4", "аdа"),
    person("ffff", "Bob"),
    person("01", ""),
    person("02", "someone"),
  ];
  expect([...marksOf(people).values()]).toEqual(["#a1b2c", "#a1b2d", "#0100", "#0200"]);
});

test("a name from right to left is kept apart from the sentence around it", () => {
  expect(apart("علي")).toBe("\u2068علي\u2069");
  expect(apart("Ada")).toBe("Ada");
});
