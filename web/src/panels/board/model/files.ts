/** The images of the board, each stored once: file id to its bytes. */
import type * as Y from "yjs";
import { isBetween, isId, isPlain } from "../codec/checks";
import { EDGE } from "../codec/limits";
import { type Picture, pictureIn } from "./picture";

export interface BoardFile {
  id: string;
  mime: string;
  data: Uint8Array;
  /** Milliseconds since the Unix epoch; a label. */
  created: number;
}

/** Bytes of one image: half of what one update may carry. */
export const FILE = 512 * 1024;

/** A picture for the drawing surface: of a known kind and of bounded size, both read from its bytes. */
export interface BoardPicture extends BoardFile, Picture {
  mime: Picture["mime"];
}

const isTime = isBetween(0, 2 ** 52);

export class Files {
  private readonly map: Y.Map<unknown>;
  /** Files that were looked at, by the value that stands in the map. */
  private readonly known = new WeakMap<object, BoardPicture | "none">();

  constructor(doc: Y.Doc) {
    this.map = doc.getMap("files");
  }

  has(id: string): boolean {
    return this.map.has(id);
  }

  /**
   * `undefined` for what is not there, and for what is not shown: SVG, which can be made to take for ever, what is
   * huge, what is no picture.
   */
  get(id: string): BoardPicture | undefined {
    const value = this.map.get(id);
    if (!isPlain(value)) return undefined;
    let picture = this.known.get(value);
    if (picture === undefined) {
      picture = fileIn(id, value) ?? "none";
      this.known.set(value, picture);
    }
    return picture === "none" ? undefined : picture;
  }

  /** There is something under this id, and it is not shown. */
  isRefused(id: string): boolean {
    return this.has(id) && this.get(id) === undefined;
  }

  /** Stored once, since a file's id is the digest of its content; what nobody is shown gives way. */
  put({ id, mime, data, created }: BoardFile): void {
    if (fileIn(id, { mime, data, created }) && !this.get(id)) this.map.set(id, { mime, data, created });
  }

  onChange(listener: () => void): () => void {
    this.map.observe(listener);
    return () => this.map.unobserve(listener);
  }
}

/** The kind and size of a file are read from its bytes: nothing that is said of it beside them is believed. */
function fileIn(id: string, value: unknown): BoardPicture | undefined {
  if (!isId(id) || !isPlain(value)) return undefined;
  const { data, created } = value;
  const sane = data instanceof Uint8Array && data.length > 0 && data.length <= FILE;
  const picture = sane && isTime(created) ? pictureIn(data) : undefined;
  if (!picture || !sane || !isSmall(picture)) return undefined;
  return { id, ...picture, data, created: created as number };
}

/** Whether a picture is drawn as it is: what is larger takes more memory than a board is worth. */
export function isSmall({ width, height }: Pick<Picture, "width" | "height">): boolean {
  return width <= EDGE && height <= EDGE;
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
