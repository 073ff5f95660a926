import { expect, test } from "vitest";
import { depthOf, troubleIn, type Kind } from "./weight";

const lines = (piece: string, count: number) => `${piece}\n`.repeat(count);

test.each<[what: string, text: string, kind: Kind, trouble: string]>([
  ["300,000 tags", lines("<a>", 300_000), "tags", "depth"],
  ["the same in one line", "<a>".repeat(300_000), "tags", "line"],
  ["the same in Markdown", lines("<a>", 300_000), "markdown", "depth"],
  ["a million brackets", lines("[", 1_000_000), "brackets", "depth"],
  ["brackets that are closed at the end", lines("[", 600) + lines("]", 600), "tags", "depth"],
  ["kinds of brackets in turn", lines("([{", 200), "brackets", "depth"],
  ["functions in functions", lines("function f(){", 501), "tags", "depth"],
  ["a line of a megabyte", "ab ".repeat(350_000), "brackets", "line"],
  ["a line of combining marks", "e" + "\u0301".repeat(30_000), "brackets", "line"],
  ["a line of Hebrew", "\u05d0".repeat(1_000_000), "brackets", "line"],
  ["a long line at the end", `a\n${"b".repeat(20_001)}`, "brackets", "line"],
  ["emphasis that never ends", "_**a".repeat(4_000), "markdown", "block"],
  ["images that never end", lines("![](", 4_000), "markdown", "block"],
  ["quotes in quotes", ">".repeat(10_000), "markdown", "depth"],
  ["lists in lists", "- ".repeat(200) + "a", "markdown", "depth"],
  ["too long a text", lines("a", 2_500_001), "brackets", "size"],
])("%s: no colours", (_what, text, kind, trouble) => {
  expect(troubleIn(text, kind)).toBe(trouble);
});

const code = "function f(a) { if (a < b) { return [1, { c: d }]; } } // ]])\n";
const page = '<ul><li>one<li>two</ul><p>three<br>four<img src="x"><p>five\n';
const prose =
  "# Head\n\nSome *words* with [a link](https://example.org), `code` and more.\n\n- one\n- two\n\n";

test.each<[what: string, text: string, kind: Kind]>([
  ["code", code.repeat(20_000), "tags"],
  ["code with types", "const a: Map<string, Array<number>> = b < c ? d : e;\n".repeat(20_000), "tags"],
  ["components", "const a = () => <div><img src='x' /><b>c</b></div>;\n".repeat(20_000), "tags"],
  ["a page whose tags end by themselves", page.repeat(20_000), "tags"],
  ["prose", prose.repeat(5_000), "markdown"],
  ["a long list", "- **name** of `something`, see [there](x)\n".repeat(5_000), "markdown"],
  ["fenced code in prose", `\`\`\`\n${"_**a".repeat(4_000)}\n\`\`\`\n`, "markdown"],
  ["a table", `| a | b |\n|---|---|\n${"| `x` | *y* |\n".repeat(200)}`, "markdown"],
  ["a line of just the length", "a".repeat(20_000), "brackets"],
])("%s: in colours", (_what, text, kind) => {
  expect(troubleIn(text, kind)).toBeUndefined();
});

test("a bracket that closes nothing does not reduce the depth", () => {
  expect(depthOf(")))(((", "brackets")).toBe(3);
  expect(depthOf("<b></b></b><b>", "tags")).toBe(1);
});
