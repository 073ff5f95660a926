/** Finds an invitation in a text that people paste or open: whole, broken over lines, or with something stuck to it. */
import { hasCode } from "./sentences";

/** A message with a link in it is shorter. */
const LOOKED_THROUGH = 20_000;
/** The most readings that are tried: each costs a checksum. */
const TRIES = 1_000;
/** Places where it may begin. */
const STARTS = 16;
/** Lines that a link may be broken into. */
const PIECES = 150;
/** Less is no line of a link, only its end or a word beside it. */
const SHORT = 20;

/** Characters of a link, and all that is between them. */
const PIECE = /[A-Za-z0-9_-]+/g;
/** Seen by nobody, and put into long words so that they can be broken. */
const UNSEEN = /[\p{Cf}\ufe0f]/gu;

/** Reads a link, or throws why it can't be. */
export type Read<T> = (link: string) => Promise<T>;

/**
 * The one invitation in a text with what it says. A link ends in a checksum, so of all that it could be in this text
 * exactly one can be read. Throws what is wrong with the likeliest one.
 */
export async function linkIn<T>(text: string, read: Read<T>): Promise<{ link: string; info: T }> {
  const problems: unknown[] = [];
  for (const link of readings(text)) {
    try {
      return { link, info: await read(link) };
    } catch (error) {
      problems.push(error);
    }
  }
  // Of another version, or with rights that do not add up: that one is the link, and it can't be used.
  throw problems.find((problem) => !hasCode(problem, "link-damaged")) ?? problems[0];
}

/** Everything that the invitation in a text could be, the likeliest first, each once. */
export function readings(text: string): string[] {
  const found = new Set<string>();
  const plain = unescaped(text).slice(0, LOOKED_THROUGH).replaceAll(UNSEEN, "");
  for (const start of starts(plain)) {
    for (const joined of joins(plain.slice(start))) {
      for (const link of ends(joined)) found.add(link);
      if (found.size >= TRIES) return [...found];
    }
  }
  if (found.size === 0) found.add(plain.trim());
  return [...found];
}

/** Behind each `#`; then at each beginning of a long word, for a link that was copied without its address. */
function starts(text: string): number[] {
  const behind = Array.from(text.matchAll(/#/g), ({ index }) => index + 1);
  const words = Array.from(text.matchAll(PIECE)).filter(([word]) => word.length >= SHORT);
  return [...behind.slice(0, STARTS), ...words.slice(0, STARTS).map(({ index }) => index)];
}

/** The first piece, the first two, and so on: lines are broken, and the next word may be none of the link's. */
function* joins(text: string): Generator<string> {
  let joined = "";
  for (const piece of text.match(PIECE)?.slice(0, PIECES) ?? []) {
    const isFirst = joined === "";
    joined += piece;
    yield joined;
    // Lines are long, but the first may end soon after the mark.
    if (piece.length < SHORT && !isFirst) return;
  }
}

/** As it is; with what was taken for a mark of emphasis; without such marks, which may be part of it or not. */
function* ends(link: string): Generator<string> {
  yield link;
  yield* [`${link}_`, `${link}-`, `${link}__`];
  for (
    let end = link.length;
    end > 1 && end > link.length - 4 && "_-".includes(link.charAt(end - 1));
    end -= 1
  )
    yield link.slice(0, end - 1);
}

/** Undoes `%23` and `%20` of addresses; as it is where it is no such writing. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/%23/gi, "#").replaceAll(/%[0-9a-f]{2}/gi, " ");
  }
}
