/**
 * Only marks of emphasis around whole words count. Others are multiplication, patterns of file names or names
 * in programs, and stay as they are written.
 */
import { Tokenizer, type Lexer, type Tokens } from "marked";
import { isOfWord } from "./scripts";

type Emphasis = Tokens.Em | Tokens.Strong | Tokens.Del;
type Find = () => Emphasis | undefined;

/** In paths and patterns a mark stands beside one of these. */
const OF_PATHS = /[/\\]/;
/** Characters that nobody begins or ends with. */
const WRONG_START = /^(?!\.\.)[.,;:)\]}/\\]/;
const WRONG_END = /[([{/\\]$/;
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

export function emStrong(
  this: Tokenizer,
  src: string,
  masked: string,
  before = "",
): Tokens.Em | Tokens.Strong | undefined {
  const find = () => Tokenizer.prototype.emStrong.call(this, src, masked, before);
  return counted(this, src, masked, find) as Tokens.Em | Tokens.Strong | undefined;
}

export function del(this: Tokenizer, src: string, masked: string, before = ""): Tokens.Del | undefined {
  if (!src.startsWith("~~")) return undefined;
  return counted(this, src, masked, () => Tokenizer.prototype.del.call(this, src, masked, before)) as
    Tokens.Del | undefined;
}

/**
 * The token that is found, if it counts. Only then is it read further: done again for each that does not, it would
 * never end.
 */
function counted(tokenizer: Tokenizer, src: string, masked: string, find: Find): Emphasis | undefined {
  const token = shallow(tokenizer, find);
  if (!token) return undefined;
  const at = masked.length - src.length;
  const mark = src.charAt(0);
  const [before, after] = [
    lastOf(masked.slice(Math.max(0, at - 2), at)),
    firstOf(src.slice(token.raw.length)),
  ];
  if (!isEdge(before, mark) || !isEdge(after, mark) || isInPath(before, after, token)) return undefined;
  if (!isWhole(token)) return undefined;
  token.tokens = tokenizer.lexer.inlineTokens(token.text);
  return token;
}

/** Finds something without looking into it. */
export function shallow<T>(tokenizer: Tokenizer, find: () => T): T {
  const { lexer } = tokenizer;
  tokenizer.lexer = Object.create(lexer, { inlineTokens: { value: () => [] } }) as Lexer;
  try {
    return find();
  } finally {
    tokenizer.lexer = lexer;
  }
}

function isEdge(beside: string, mark: string): boolean {
  return beside === "" || !(isOfWord(beside) || beside === mark);
}

/**
 * `a/_b_` is part of a path; where two marks stand on each side, as in bold words with a slash between, both sides
 * decide.
 */
function isInPath(before: string, after: string, { type }: Emphasis): boolean {
  const sides = [before, after].filter((beside) => OF_PATHS.test(beside));
  return sides.includes("\\") || sides.length > (type === "em" ? 0 : 1);
}

function isWhole({ raw, text }: Emphasis): boolean {
  if (WRONG_START.test(text) || WRONG_END.test(text) || !SAYS_SOMETHING.test(text)) return false;
  return !isName(raw);
}

/** `_a_name_` and `__init__` are names in programs. */
function isName(raw: string): boolean {
  return /^__[a-z][a-z0-9_]*__$/.test(raw) || /^_\w*[^\W_]_[^\W_]\w*_$/.test(raw);
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 32);
}

function lastOf(text: string): string {
  return Array.from(text).at(-1) ?? "";
}
