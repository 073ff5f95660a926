/** The chat's records as they stand in the document, read strictly: other people wrote them. */
import { isBlank } from "../../shared/names";

/** A text in UTF-8; about eight pages. */
export const TEXT_LIMIT = 16 * 1024;
const EMOJI_LIMIT = 32;
/** The last moment that a `Date` can name. */
const LAST_MOMENT = 8.64e15;

/** A message's id: client id and clock of its unit in the document, which nobody else can take. */
export type Id = `${number}.${number}`;

export interface Say {
  k: "say";
  text: string;
  at: number;
  /** The first message of the thread that this one belongs to. */
  re?: Id;
}
export interface Edit {
  k: "edit";
  of: Id;
  text: string;
  at: number;
}
/** `restore` takes back one's own `remove`. */
export interface Removal {
  k: "remove" | "restore";
  of: Id;
  at: number;
}
export interface React {
  k: "react";
  of: Id;
  emoji: string;
  on: boolean;
}
export type ChatRecord = Say | Edit | Removal | React;

/** A record with its author and its place in the order that all replicas share. */
export interface Placed<R extends ChatRecord = ChatRecord> {
  member: string;
  client: number;
  clock: number;
  /** `Infinity` until it is in the log. */
  lamport: number;
  record: R;
}

export type Place = Pick<Placed, "lamport" | "client" | "clock">;

/** The order of everything in the chat. No wall clock decides it. */
export function compare(a: Place, b: Place): number {
  // Two infinities have no difference.
  if (a.lamport !== b.lamport) return a.lamport < b.lamport ? -1 : 1;
  return a.client - b.client || a.clock - b.clock;
}

export function idOf({ client, clock }: { client: number; clock: number }): Id {
  return `${client}.${clock}`;
}

const ID = /^(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,9})$/;

export function isId(value: unknown): value is Id {
  return typeof value === "string" && ID.test(value);
}

/** The record that a value is, or nothing when it is anything else. */
export function recordFrom(value: unknown): ChatRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { k, of, re, at, text, emoji, on } = value as Record<string, unknown>;
  if (k === "say") {
    if (!isText(text) || !isMoment(at)) return undefined;
    if (re === undefined) return { k, text, at };
    return isId(re) ? { k, text, at, re } : undefined;
  }
  if (!isId(of)) return undefined;
  if (k === "edit") return isText(text) && isMoment(at) ? { k, of, text, at } : undefined;
  if (k === "remove" || k === "restore") return isMoment(at) ? { k, of, at } : undefined;
  if (k === "react") return isEmoji(emoji) && typeof on === "boolean" ? { k, of, emoji, on } : undefined;
  return undefined;
}

function isMoment(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= LAST_MOMENT;
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && fits(value, TEXT_LIMIT) && !isBlank(value);
}

/** A text without the empty lines and spaces around it; its first line keeps what it is indented by. */
export function trimmed(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One emoji, as it is drawn: skin tones, flags and families are one. */
export function isEmoji(value: unknown): value is string {
  if (typeof value !== "string" || !fits(value, EMOJI_LIMIT) || !EMOJI.test(value)) return false;
  const [first] = graphemes.segment(value);
  return first?.segment.length === value.length;
}

const utf8 = new TextEncoder();

/** How many bytes a text takes. */
export function bytesOf(text: string): number {
  return utf8.encode(text).length;
}

/** Cheap for texts far too long and for those far below the bound. */
function fits(text: string, limit: number): boolean {
  if (text.length > limit) return false;
  return text.length * 3 <= limit || bytesOf(text) <= limit;
}
