/** Colours code with the editor's parsers and in its colours. */
import { highlightCode, tagHighlighter } from "@lezer/highlight";
import type { CSSProperties } from "react";
import { codeColors } from "../../editor/theme";
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

/** The code in pieces, or nothing for a language that is not known. */
export async function highlighted(code: string, language: string): Promise<Piece[] | undefined> {
  const parser = await parserFor(language);
  if (!parser) return undefined;
  const pieces: Piece[] = [];
  const put = (text: string, classes: string) => {
    const style = Object.assign(
      {},
      ...classes.split(" ").map((i) => styles[Number(i)] ?? {}),
    ) as CSSProperties;
    pieces.push(classes === "" ? { text } : { text, style });
  };
  highlightCode(code, parser.parse(code), highlighter, put, () => put("\n", ""));
  return pieces;
}
