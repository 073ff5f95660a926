/** The images of the board, each stored once: file id to its bytes. */
import type * as Y from "yjs";
import { isBetween, isId, isOneOf, isPlain } from "../codec/checks";

export interface BoardFile {
  id: string;
  mime: string;
  data: Uint8Array;
  /** Milliseconds since the Unix epoch; a label. */
  created: number;
}

/** Bytes of one image: half of what one update may carry. */
export const FILE = 512 * 1024;

const isImage = isOneOf(
  ...["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/avif", "image/bmp"],
);
const isTime = isBetween(0, 2 ** 52);

export class Files {
  private readonly map: Y.Map<unknown>;

  constructor(doc: Y.Doc) {
    this.map = doc.getMap("files");
  }

  has(id: string): boolean {
    return this.map.has(id);
  }

  /** `undefined` for what is not there, and for what is no image of a sane size. */
  get(id: string): BoardFile | undefined {
    return fileIn(id, this.map.get(id));
  }

  /** Stored once: a file's id is the digest of its content. */
  put({ id, mime, data, created }: BoardFile): void {
    if (fileIn(id, { mime, data, created }) && !this.map.has(id)) this.map.set(id, { mime, data, created });
  }

  onChange(listener: () => void): () => void {
    this.map.observe(listener);
    return () => this.map.unobserve(listener);
  }
}

function fileIn(id: string, value: unknown): BoardFile | undefined {
  if (!isId(id) || !isPlain(value)) return undefined;
  const { mime, data, created } = value;
  const sane = data instanceof Uint8Array && data.length > 0 && data.length <= FILE;
  return sane && isImage(mime) && isTime(created)
    ? { id, mime: mime as string, data, created: created as number }
    : undefined;
}

const URL_START = /^data:([a-z0-9.+/-]{1,64})(?:;[a-z0-9=-]+)*?(;base64)?,/i;

export function toDataUrl({ mime, data }: Pick<BoardFile, "mime" | "data">): string {
  let binary = "";
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < data.length; at += 8_192) {
    binary += String.fromCharCode(...data.subarray(at, at + 8_192));
  }
  return `data:${mime};base64,${btoa(binary)}`;
}

export function fromDataUrl(url: string): Pick<BoardFile, "mime" | "data"> | undefined {
  const [start, mime, base64] = URL_START.exec(url) ?? [];
  if (start === undefined || mime === undefined) return undefined;
  try {
    const rest = url.slice(start.length);
    const binary = base64 === undefined ? decodeURIComponent(rest) : atob(rest);
    const data = base64 === undefined ? new TextEncoder().encode(binary) : bytesOf(binary);
    return { mime: mime.toLowerCase(), data };
  } catch {
    return undefined;
  }
}

function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
