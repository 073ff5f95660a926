import { expect, test } from "vitest";
import { TEXT_LIMIT } from "../records";
import { isHeavy } from "./heavy";

/** As long as a message may be. */
const filled = (piece: string) => piece.repeat(Math.floor(TEXT_LIMIT / piece.length));

test.each([
  "_**a",
  "_*_*a",
  "__a_",
  "*a*b",
  "[",
  "![](",
  "[a](b",
  "~~a",
  "`a``",
  "<a",
  "a@",
  "http://a.b/(",
  "https://a ",
  "a\n",
  "> ",
  ">",
  "- ",
  "1. ",
  "2. _**a\n",
  "- _**a\n",
  "> - _**a\n",
  "|a|b|\n|-|-|\n",
  "```\n",
  "```a`\n_**a\n",
])("%j all over is shown as it is written", (piece) => {
  expect(isHeavy(filled(piece))).toBe(true);
});

test("lists inside each other, one to a line, are shown as they are written", () => {
  const nested = Array.from({ length: 120 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n");
  expect(isHeavy(nested)).toBe(true);
});

const paragraph =
  "Some *words*, a [link](https://example.org/a_b), `code` and **more** of it all. " +
  "It goes on without any of that for a while, as people do, and comes to an end. ";

test.each([
  ["a few words", "**bold** and *so* on: https://example.org"],
  ["paragraphs", `${paragraph.repeat(4)}\n\n`.repeat(15)],
  ["a long list", "- **name** of `something`, see [there](https://example.org)\n".repeat(120)],
  ["code", `\`\`\`js\n${"const a = [b, c(d)]; // *e* _f_\n".repeat(300)}\`\`\``],
  ["quotes in a quote", "> > > quoted\n> > so\n> as it was"],
  ["a list in a list in a list", "- a\n  - b\n    - c\n      - d\n"],
  ["a log of some lines", "12:00:01 [main] worker_1: started (pid 4711) <ok>\n".repeat(25)],
])("%s: formatted", (_what, text) => {
  expect(isHeavy(text)).toBe(false);
});
