import { expect, test } from "vitest";
import { linkIn } from "./links";

test.each([
  ["https://covey.example/#AbC-_9", "AbC-_9"],
  ["  https://covey.example/rooms/#AbC \n", "AbC"],
  ["Join me: https://covey.example/a/b?c=d#AbC. See you!", "AbC"],
  ["<http://localhost:8080/#AbC>", "AbC"],
  ["#AbC", "AbC"],
  ["AbC", "AbC"],
  ["", ""],
])("the link in %j is %j", (text, link) => {
  expect(linkIn(text)).toBe(link);
});

test("a damaged link stays as it is, for the engine to refuse", () => {
  expect(linkIn("not a link")).toBe("not a link");
});

test("a megabyte of beginnings of addresses is looked through in part", () => {
  const text = "http://a/".repeat(120_000);
  expect(linkIn(text)).toBe(text);
  expect(linkIn(`${"see ".repeat(100)} https://covey.example/#AbC ${text}`)).toBe("AbC");
});
