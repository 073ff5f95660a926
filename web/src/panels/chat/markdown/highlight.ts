/** Colours code with the editor's parsers and in its colours. */
import { highlightCode, tagHighlighter } from "@lezer/highlight";
import type { CSSProperties } from "react";
import type { Parser, Tree } from "@lezer/common";
import { codeColors } from "../../../shared/codeColors";
import { troubleIn, type Kind } from "../../../shared/weight";
import { HIGHLIGHT_MS } from "../../../shared/limits";
import { parserFor } from "./languages";

export interface Piece {
  text: string;
  style?: CSSProperties;
}

/** The classes are indices into the editor's list of styles. */
const styles = codeColors.specs.map((spec): CSSProperties =>
  Object.fromEntries(Object.entries(spec).filter(([name]) => name !== "tag")),
);
const highlighter = tagHighlighter(codeColors.specs.map(({ tag }, i) => ({ tag, class: `${i}` })));

/** The code in pieces, or nothing for a language that is not known and for code that takes long to read. */
export async function highlighted(code: string, language: string): Promise<Piece[] | undefined> {
  const parser = await parserFor(language);
  if (!parser || troubleIn(code, kindIn(language)) !== undefined) return undefined;
  const tree = treeOf(parser, code);
  if (!tree) return undefined;
  const pieces: Piece[] = [];
  const put = (text: string, classes: string) => {
    const style = Object.assign(
      {},
      ...classes.split(" ").map((i) => styles[Number(i)] ?? {}),
    ) as CSSProperties;
    pieces.push(classes === "" ? { text } : { text, style });
  };
  highlightCode(code, tree, highlighter, put, () => put("\n", ""));
  return pieces;
}

/** Parsers take small steps, and may need very many where nothing closes what was opened. */
function treeOf(parser: Parser, code: string): Tree | undefined {
  const parse = parser.startParse(code);
  const end = performance.now() + HIGHLIGHT_MS;
  for (;;) {
    const tree = parse.advance();
    if (tree) return tree;
    if (performance.now() > end) return undefined;
  }
}

function kindIn(language: string): Kind {
  return /^(?:md|markdown)$/.test(language) ? "markdown" : "tags";
}
