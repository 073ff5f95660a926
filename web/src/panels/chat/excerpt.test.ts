import { expect, test } from "vitest";
import { excerptOf } from "./excerpt";

test("short texts are shown whole", () => {
  expect(excerptOf("hello")).toBeUndefined();
  expect(excerptOf("x".repeat(1_700))).toBeUndefined();
  expect(excerptOf(Array.from({ length: 25 }, () => "line").join("\n"))).toBeUndefined();
});

test("long texts are cut at the end of a line where there is one", () => {
  expect(excerptOf("x".repeat(5_000))).toBe("x".repeat(1_600));
  expect(excerptOf(`${"y".repeat(1_500)}\n${"x".repeat(5_000)}`)).toBe("y".repeat(1_500));
  expect(excerptOf("line\n".repeat(400))?.split("\n")).toHaveLength(24);
});

test("no character is cut in two", () => {
  expect(excerptOf(`x${"😀".repeat(2_000)}`)).toBe(`x${"😀".repeat(799)}`);
});

test("a block of code that is cut is closed", () => {
  expect(excerptOf(`\`\`\`js\n${"let x;\n".repeat(400)}\`\`\``)?.endsWith("let x;\n```")).toBe(true);
  const before = excerptOf(`\`\`\`\nlet x;\n\`\`\`\n${"words\n".repeat(400)}`);
  expect(before?.endsWith("words")).toBe(true);
});
