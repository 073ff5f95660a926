/**
 * A backslash is shown, as in paths and patterns. Only one that keeps a mark from being one is not: at the beginning
 * of a line, and in pairs around words.
 */
import type { Token, TokenizerAndRendererExtension } from "marked";

const PUNCTUATION = /^\\[!-/:-@[-`{-~]/;
/** At the beginning of a line it would be a heading, a list, or a quote. */
const OPENS_BLOCK = /^\\(?:#{1,6}[ \t]|[-+*][ \t]|>(?:[ \t]|$))/;
const NUMBER = /^[ \t]*\d{1,9}$/;
const AFTER_NUMBER = /^\\[.)](?:\s|$)/;
/** Before the first of a pair. */
const BEGINS_WORD = /(?:^|[\s([{"'“‘«‹„])$/u;

interface Escape {
  type: "escape";
  raw: string;
  text: string;
  /** The first of a pair. */
  opens?: boolean;
}

export const backslash: TokenizerAndRendererExtension = {
  name: "backslash",
  level: "inline",
  tokenizer(src, tokens): Escape | undefined {
    if (!PUNCTUATION.test(src)) return undefined;
    const raw = src.slice(0, 2);
    const hidden: Escape = { type: "escape", raw, text: raw.slice(1) };
    const line = lineBefore(tokens);
    if (line.trim() === "" ? OPENS_BLOCK.test(src) : NUMBER.test(line) && AFTER_NUMBER.test(src))
      return hidden;
    if (opensPair(src, line, tokens)) return { ...hidden, opens: true };
    if (closesPair(src, tokens)) return hidden;
    return { type: "escape", raw, text: raw };
  },
};

/** Before a word, with another such mark behind a word in the same line. */
function opensPair(src: string, line: string, tokens: readonly Token[]): boolean {
  const mark = src.charAt(1);
  if (!"*_~`".includes(mark)) return false;
  const follows = isOpening(tokens.at(-1), mark);
  if (!follows && !BEGINS_WORD.test(line)) return false;
  const rest = src.slice(0, 2_000).split("\n", 1)[0] ?? "";
  const start = new RegExp(`^(?:\\\\[${mark}])+(?=[^\\s\\\\])`).exec(rest)?.[0];
  return (
    start !== undefined &&
    new RegExp(`[^\\s\\\\]\\\\?[${mark}](?![\\p{L}\\p{N}])`, "u").test(rest.slice(start.length))
  );
}

function closesPair(src: string, tokens: readonly Token[]): boolean {
  const mark = src.charAt(1);
  return (
    "*_~`".includes(mark) && !/^..[\p{L}\p{N}]/u.test(src) && tokens.some((each) => isOpening(each, mark))
  );
}

function isOpening(token: Token | undefined, mark: string): boolean {
  return token?.type === "escape" && (token as Escape).opens === true && (token as Escape).text === mark;
}

/** The part of this line before the place that is read. */
function lineBefore(tokens: readonly Token[]): string {
  let line = "";
  for (let i = tokens.length - 1; i >= 0; i -= 1) {
    const raw = tokens[i]?.raw ?? "";
    const at = raw.lastIndexOf("\n");
    line = raw.slice(at + 1) + line;
    if (at >= 0 || line.length > 40) break;
  }
  return line;
}
