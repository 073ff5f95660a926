import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  apart,
  cleanName,
  isBlank,
  likenessOf,
  marksOf,
  NAME,
  shownName,
  shownTitle,
  TITLE,
  tooLong,
} from "./names";

/** The table that the engine's own tests read, too. */
const table = readFileSync(new URL("../../../tests/vectors/names.txt", import.meta.url), "utf8");
const unescaped = (text: string) =>
  text.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)));
const lines = table
  .trimEnd()
  .split("\n")
  .filter((line) => !line.startsWith("#"))
  .map((line) => line.split(" -> ") as [string, string]);

test.each(lines)("%s is cleaned to %j", (name, clean) => {
  expect(cleanName(unescaped(name))).toBe(unescaped(clean));
});

test("names and titles are cut at whole letters, and megabytes of them at once", () => {
  expect(cleanName("é".repeat(1_000_000))).toBe("é".repeat(40));
  expect(cleanName("\u200b".repeat(10_000_000))).toBe("");
});

test("a person without a visible name is shown as someone", () => {
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

test("equal names are distinguished by keys, also where the keys begin alike", () => {
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

const FAMILY = "👨\u200d👩\u200d👧\u200d👦";

test.each([
  [
    "東京都写真美術館で開かれる展覧会の準備をする人たちの部屋、毎週金曜日の午後三時から五時まで、初めての人も歓迎",
    TITLE,
  ],
  ["เพื่อนร่วมงานที่ทำงานด้วยกันทุกวันจันทร์", { ...TITLE, letters: 40 }],
  ["क्षत्रिय ".repeat(8).trim(), NAME],
  [FAMILY.repeat(19), NAME],
  ["🇫🇷".repeat(40), NAME],
  ["e\u0301\u0323".repeat(40), NAME],
])("%s is whole", (name, room) => {
  expect(tooLong(name, room)).toBeUndefined();
  expect(cleanName(name, room)).toBe(name);
});

test("the excess of a long name is counted in letters, and the name is cut between them", () => {
  expect(tooLong(`${"é".repeat(40)}e\u0301x`, NAME)).toBe("Too long by 2 characters: there is room for 40.");
  expect(tooLong("x".repeat(41), NAME)).toBe("Too long by 1 character: there is room for 40.");
  expect(cleanName(FAMILY.repeat(30))).toBe(FAMILY.repeat(19));
  expect(tooLong(FAMILY.repeat(20), NAME)).toBe("Too long by 1 character: there is room for 19.");
  expect(cleanName(`${"x".repeat(39)}e\u0301\u0323y`)).toBe(`${"x".repeat(39)}e\u0301\u0323`);
});

test("a text that nobody could see is blank", () => {
  for (const blank of [
    "",
    " \n",
    "\u200b\u2060",
    "\u3164\u2800",
    "\u202e",
    "\u0301",
    "\ufe0f\u200d",
    "\u{1d159}",
  ])
    expect(isBlank(blank), JSON.stringify(blank)).toBe(true);
  for (const text of ["a", "\u200b.", "علي", "👩\u200d💻", "1\ufe0f\u20e3", "\u0e31"])
    expect(isBlank(text), JSON.stringify(text)).toBe(false);
});

test.each(["ܐܒܓ", "ހަލ", "ߒߞߏ", "ࡀࡁ", "𞤀𞤣", "𐤀𐤁", "ﺎ"])("%s from right to left is kept apart", (name) => {
  expect(apart(name)).toBe(`\u2068${name}\u2069`);
});
