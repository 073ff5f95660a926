/**
 * The kind and size of a picture, read from its first bytes and headers. Nothing is decoded.
 *
 * ```text
 * PNG   8 bytes │ IHDR: width u32, height u32                          JPEG  FF D8 │ segments … SOFn: height u16, width u16
 * GIF   6 bytes │ width u16, height u16 │ blocks: each frame its own   WebP  RIFF … WEBP │ VP8X, VP8, VP8L: each its own
 * ```
 * Of several sizes in one file the largest counts, since decoders differ in which they believe.
 */

export interface Picture {
  readonly mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  readonly width: number;
  readonly height: number;
}

type Edges = readonly [width: number, height: number];

/** Frames of a GIF, segments of a JPEG, chunks of a WebP: more are not gone through. */
const PARTS = 4_096;

/** `undefined` for what is none of these four, or is cut before it says its size. */
export function pictureIn(bytes: Uint8Array): Picture | undefined {
  const data = new Data(bytes);
  for (const [mime, isOne, edgesIn] of KINDS) {
    if (!isOne(data)) continue;
    const [width, height] = largest(edgesIn(data));
    return width > 0 && height > 0 && !data.isCut ? { mime, width, height } : undefined;
  }
  return undefined;
}

/** SVG, told by its content and not by its name. A drawing may begin with a mark, blanks, comments and declarations. */
export function isSvg(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return wide || /^[\uFEFF\s]*</.test(new TextDecoder().decode(bytes.subarray(0, 1_024)));
}

class Data {
  isCut = false;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.has(at, 1) ? this.view.getUint8(at) : 0;
  }

  u16(at: number, little = false): number {
    return this.has(at, 2) ? this.view.getUint16(at, little) : 0;
  }

  u24(at: number): number {
    return this.u16(at, true) | (this.u8(at + 2) << 16);
  }

  u32(at: number, little = false): number {
    return this.has(at, 4) ? this.view.getUint32(at, little) : 0;
  }

  /** Whether this stands here; a file that ends before is not cut for that. */
  says(at: number, text: string): boolean {
    if (at + text.length > this.length) return false;
    for (let i = 0; i < text.length; i += 1) if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  private has(at: number, count: number): boolean {
    const has = at + count <= this.length;
    if (!has) this.isCut = true;
    return has;
  }
}

const KINDS: readonly [Picture["mime"], (data: Data) => boolean, (data: Data) => Iterable<Edges>][] = [
  ["image/png", (data) => data.says(0, "\x89PNG\r\n\x1a\n") && data.says(12, "IHDR"), png],
  ["image/jpeg", (data) => data.says(0, "\xff\xd8\xff"), jpeg],
  ["image/gif", (data) => data.says(0, "GIF87a") || data.says(0, "GIF89a"), gif],
  ["image/webp", (data) => data.says(0, "RIFF") && data.says(8, "WEBP"), webp],
];

function largest(all: Iterable<Edges>): Edges {
  let [width, height] = [0, 0];
  for (const edges of all) [width, height] = [Math.max(width, edges[0]), Math.max(height, edges[1])];
  return [width, height];
}

function* png(data: Data): Generator<Edges> {
  yield [data.u32(16), data.u32(20)];
}

/** Up to the scan: what comes after it are more scans of the same picture, or of one that no decoder begins with. */
function* jpeg(data: Data): Generator<Edges> {
  let at = 2;
  for (let part = 0; part < PARTS && !data.isCut; part += 1) {
    if (data.u8(at) !== 0xff) return;
    const marker = data.u8(at + 1);
    // Fill bytes, and marks that stand alone.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xda || marker === 0xd9) return;
    else {
      if (isFrame(marker)) yield [data.u16(at + 7), data.u16(at + 5)];
      at += 2 + data.u16(at + 2);
    }
  }
}

/** All of `SOFn`, but not the tables and the extension that stand among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** A frame may be larger than the screen it says it is for, and is then what decoders go by. */
function* gif(data: Data): Generator<Edges> {
  yield [data.u16(6, true), data.u16(8, true)];
  let at = 13 + table(data.u8(10));
  for (let part = 0; part < PARTS && at < data.length; part += 1) {
    const kind = data.u8(at);
    if (kind === 0x2c) {
      const [left, top] = [data.u16(at + 1, true), data.u16(at + 3, true)];
      yield [left + data.u16(at + 5, true), top + data.u16(at + 7, true)];
      at = blocks(data, at + 11 + table(data.u8(at + 9)));
    } else if (kind === 0x21) at = blocks(data, at + 2);
    else return;
  }
  // A file that goes on is not gone through to its end: nobody knows what is there.
  if (at < data.length) yield [Infinity, Infinity];
}

/** Bytes of a table of colours. */
function table(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function blocks(data: Data, from: number): number {
  let at = from;
  while (at < data.length && data.u8(at) !== 0) at += 1 + data.u8(at);
  return at + 1;
}

function* webp(data: Data): Generator<Edges> {
  let at = 12;
  for (let part = 0; part < PARTS && at + 8 <= data.length; part += 1) {
    const inside = at + 8;
    if (data.says(at, "VP8X")) yield [data.u24(inside + 4) + 1, data.u24(inside + 7) + 1];
    else if (data.says(at, "VP8 "))
      yield [data.u16(inside + 6, true) & 0x3fff, data.u16(inside + 8, true) & 0x3fff];
    else if (data.says(at, "VP8L")) {
      const bits = data.u32(inside + 1, true);
      yield [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    } else if (data.says(at, "ANMF")) yield [data.u24(inside + 6) + 1, data.u24(inside + 9) + 1];
    const size = data.u32(at + 4, true);
    at = inside + size + (size % 2);
  }
}
