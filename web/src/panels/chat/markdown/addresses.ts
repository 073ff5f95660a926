/** Addresses in a text, and where each ends: where a person would say so, in any script. */
import type { TokenizerExtension, Tokens } from "marked";
import { safeAddress } from "./links";
import { isUnspaced } from "./scripts";

const BEGINS = /^(?:https?:\/\/(?:[\p{L}\p{N}[]|[^\s/?#@]+@)|www\.[^\s./]+\.[\p{L}\p{N}])/iu;
const ANYWHERE = /https?:\/\/|www\./gi;
const SCHEME = /^https?:\/\//i;

const PAIRS = new Map("() [] {} （） ［］ 「」 『』 【】 《》 〈〉 〔〕 ｛｝".split(" ").map(pairOf));
const CLOSING: ReadonlySet<string> = new Set(PAIRS.values());
/** Spaces, what can't be seen, and what no address has. */
const ENDS = /[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}<>"`|\\^]/u;
/** Marks of other scripts end it, and so do symbols; some stand in titles, which are parts of addresses. */
const FOREIGN = /[^\p{L}\p{N}\p{M}\u0020-\u007e–·・‧\u200c\u200d]/u;
/** At the end it belongs to the sentence. */
const OF_SENTENCE = /[.,;:!?'*~–·・]$/u;
const ASCII = /^[\u0021-\u007e]$/;
/** The longest text in brackets. */
const IN_BRACKETS = 200;
/** The part behind `#` as far as it is that of an invitation. */
const SECRET = /#[A-Za-z0-9_-]+$/;

function pairOf(pair: string): [string, string] {
  return [pair.charAt(0), pair.charAt(1)];
}

/** The address with which a text begins, if it does; `before` is the character before it. */
export function addressAt(text: string, before = ""): string | undefined {
  if (/[A-Za-z0-9]/.test(before) || !BEGINS.test(text)) return undefined;
  let address = text.slice(0, endOf(text));
  for (let cut = ""; cut !== address;) {
    cut = address;
    // `_https://example.org_`: the second mark belongs to the first.
    if (OF_SENTENCE.test(address) || (before === "_" && address.endsWith("_")))
      address = address.slice(0, -1);
  }
  return safeAddress(hrefOf(address)) === undefined ? undefined : address;
}

function endOf(text: string): number {
  const open: { closing: string; at: number }[] = [];
  let before = "";
  let at = 0;
  for (const character of text) {
    if (ENDS.test(character) && !/[\u200c\u200d]/.test(character)) break;
    const closing = PAIRS.get(character);
    if (closing !== undefined) {
      // Said of an address, not in it.
      if (!ASCII.test(character) && ASCII.test(before)) break;
      if (at - (open[0]?.at ?? at) > IN_BRACKETS) break;
      open.push({ closing, at });
    } else if (CLOSING.has(character)) {
      if (open.pop()?.closing !== character) break;
    } else if (FOREIGN.test(character) || isStuck(character, before, text.slice(Math.max(0, at - 400), at)))
      break;
    before = character;
    at += character.length;
  }
  // A bracket that is not closed began behind the address.
  const left = open.find(({ at: place }) => place < at);
  return left?.at ?? at;
}

/** Words of scripts without spaces that follow at once: `https://example.org/aを`. */
function isStuck(character: string, before: string, address: string): boolean {
  if (ASCII.test(character)) return false;
  if (SECRET.test(address)) return true;
  return /[A-Za-z0-9]/.test(before) && isUnspaced(character);
}

function hrefOf(address: string): string {
  return SCHEME.test(address) ? address : `http://${address}`;
}

export const addresses: TokenizerExtension = {
  name: "address",
  level: "inline",
  tokenizer(src, tokens): Tokens.Link | undefined {
    if (this.lexer.state.inLink || !/^(?:http|www)/i.test(src)) return undefined;
    const address = addressAt(src, tokens.at(-1)?.raw.at(-1));
    if (address === undefined) return undefined;
    const text: Tokens.Text = { type: "text", raw: address, text: address, escaped: false };
    return { type: "link", raw: address, href: hrefOf(address), text: address, title: null, tokens: [text] };
  },
};

/** The text with other characters in the place of addresses, so that no mark in one is taken for emphasis. */
export function maskAddresses(text: string): string {
  let masked = "";
  let from = 0;
  for (const { index } of text.matchAll(ANYWHERE)) {
    if (index < from) continue;
    const address = addressAt(text.slice(index, index + 4_000), text.charAt(index - 1));
    if (address === undefined) continue;
    masked += text.slice(from, index) + "a".repeat(address.length);
    from = index + address.length;
  }
  return masked + text.slice(from);
}
