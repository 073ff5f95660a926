// @vitest-environment jsdom
import { expect, test } from "vitest";
import { elementsOf, shown } from "./shown";

test.each([
  // Numbers and marks of lists.
  "14. August 2017 is the date",
  "14. August\n15. September",
  "1. one\n3. three\n7. seven",
  "0. nothing\n1. something",
  "007. Bond",
  "01. May",
  "8) cool",
  "2) two\n3) three",
  "999999999. many",
  "I was born in\n1986. A great year",
  "+ plus",
  "+1",
  "-5 degrees",
  "#5 is mine",
  "1.5 and 2.",
  // Backslashes.
  String.raw`C:\Users\x\.ssh`,
  String.raw`C:\_work\*.* and C:\[new]\#1\(x86)`,
  String.raw`\\server\share\_x\_y`,
  String.raw`a\\b`,
  String.raw`¯\_(ツ)_/¯`,
  String.raw`^\d+\.\d*\s\[a-z\]\_$`,
  String.raw`\frac{1}{2}\,\{x\}`,
  "curl \\\n  -s \\\n  https://example.org",
  "dir C:\\\nnext",
  // Marks that are none.
  "~3~5 minutes",
  "~5 or ~6",
  "a ~~ b ~~ c",
  "2*3*4",
  "2**3**4",
  "a*b*c and f**k and s**t",
  "**/*.ts, src/**/*.test.ts, *.js",
  "f(*args, **kwargs)",
  "snake_case_name",
  "__init__ and __name__.py",
  "_snake_case_",
  "*",
  "* * *",
  "Best\n--\nAnn",
  "Total\n=====",
  "a\n---\nb",
  // Text that looks like HTML.
  "<tag> text </tag>",
  "vector<std::string> and List<T>",
  "<!-- a comment --> text",
  "&amp; &lt;b&gt; &nbsp; &#65; &copy",
  "a < b > c",
  "<?php ?>",
  // Brackets.
  "[^1] and [^1]: a note",
  "a[i](x) and f[0](1)",
  "[see](below)",
  "[ ] open",
  "![not a picture](here)",
  ":) :( :-) >:( >_< :_(",
  ">:(",
  ">>> print(1)",
  // Spaces.
  "apt update\n# then\napt upgrade",
  "/* comment */ /*a*/ src/*a*/b",
  "def f():\n    return 1\n\tand\n  more",
  "    four\n        eight",
  "\ttab",
  "a   b",
  // Code.
  "```SELECT *\nFROM x\n```",
  "`one\ntwo`",
  // Others.
  "a | b\n--|--\n1 | 2",
  "user@example.org and a_b@example.org",
  "5 > 4 and 4 < 5",
  "$x_1 + y_1$",
  "“quoted” – and — dashes…",
])("%j is shown as it was written", (text) => {
  const plain = text.replace(/^```|\n?```$/g, "").replace(/^`(.*)`$/s, "$1");
  expect(shown(text).replaceAll("☐", "[ ]")).toBe(plain);
});

test("a list's dash stays a dash", () => {
  expect(shown("- Hello.\n- Hi!")).toBe("– Hello.\n– Hi!");
  expect(shown("* one")).toBe("• one");
});

test.each([
  ["1986\\. A great year", "1986. A great year"],
  ["3\\) three", "3) three"],
  ["\\# no head", "# no head"],
  ["\\- no list", "- no list"],
  ["\\* no list", "* no list"],
  ["\\> no quote", "> no quote"],
  ["\\*not slanted\\*", "*not slanted*"],
  ["so \\_not slanted\\_.", "so _not slanted_."],
  ["\\*\\*not bold\\*\\*", "**not bold**"],
])("%j: a backslash that keeps a mark from being one is not shown", (text, wanted) => {
  expect(shown(text)).toBe(wanted);
  expect(elementsOf(text).querySelector("em, strong, li, blockquote")).toBeNull();
});

test.each([
  ["**bold** and **two words**", "strong", ["bold", "two words"]],
  ["*it*, (*so*) “*there*” _and_ _that_", "em", ["it", "so", "there", "and", "that"]],
  ["***both***", "em", ["both"]],
  ["**Note:** see", "strong", ["Note:"]],
  ["これは**重要**です", "strong", ["重要"]],
  ["이것은 **중요**합니다", "strong", ["중요"]],
  ["**yes**/**no**", "strong", ["yes", "no"]],
  ["a\n\n# Head\nb", "strong", ["Head"]],
  ["[https://a.org](https://b.org)", "a", ["https://a.org"]],
  ["**“quoted”**", "strong", ["“quoted”"]],
  ["~~gone~~ and ~~two words~~", "del", ["gone", "two words"]],
  ["*a **b** c*", "em", ["a b c"]],
  ["> quoted\n> on", "blockquote", ["quoted\non"]],
  ["> a\n>> b", "blockquote blockquote", ["b"]],
])("%j: formatted", (text, name, wanted) => {
  const found = [...elementsOf(text).querySelectorAll(name)];
  expect(found.map((each) => (each as HTMLElement).textContent.trim())).toEqual(
    wanted.map((each) => each.replace("\n", "")),
  );
});

test("a block of code keeps its language, and says it", () => {
  const block = elementsOf("```js\nlet x;\n```").querySelector("pre");
  expect(block?.getAttribute("aria-label")).toBe("Code, js");
  expect(block?.textContent).toBe("let x;");
});
