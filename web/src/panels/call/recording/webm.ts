/**
 * The length of a WebM file. Browsers leave it out, since they don't know it when they begin; players then show none.
 *
 *   EBML header │ Segment (length unknown) │ Info ‥‥ Duration │ Tracks │ Cluster │ Cluster …
 */

/** A file says within so many bytes what it is. */
export const HEAD = 4096;

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const INFO = 0x1549a966;
const CLUSTER = 0x1f43b675;
const SCALE = 0x2ad7b1;
const DURATION = 0x4489;

interface Element {
  readonly id: number;
  /** Where its content begins and ends; the end of one of unknown length is that of the bytes. */
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly open: boolean;
}

/** The beginning of a file with room for a length, and where it is written. */
export interface Timed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: number;
}

/** Undefined where the file is of another kind, or such that something in it would come to stand elsewhere. */
export function timed(head: Uint8Array<ArrayBuffer>): Timed | undefined {
  const found = infoOf(head);
  if (!found) return undefined;
  const { info, moves } = found;
  const known = childrenOf(head, info).find(({ id }) => id === DURATION);
  if (known) return known.to - known.from === 8 ? { bytes: head, at: known.from } : undefined;
  if (!moves) return undefined;
  // The length of `Info` in eight bytes, whatever it took before, and the empty `Duration` at its end.
  const content = head.subarray(info.from, info.to);
  const bytes = new Uint8Array([
    ...head.subarray(0, info.start),
    ...[0x15, 0x49, 0xa9, 0x66],
    ...lengthOf(content.length + 11),
    ...content,
    ...[0x44, 0x89, 0x88],
    ...new Uint8Array(8),
  ]);
  const at = bytes.length - 8;
  const whole = new Uint8Array(bytes.length + head.length - info.to);
  whole.set(bytes);
  whole.set(head.subarray(info.to), bytes.length);
  return { bytes: whole, at };
}

/** A length as it is written. Browsers count in milliseconds. */
export function written(milliseconds: number): ArrayBuffer {
  const bytes = new ArrayBuffer(8);
  new DataView(bytes).setFloat64(0, milliseconds);
  return bytes;
}

/** In milliseconds, of a file that begins like this. */
export function lengthIn(head: Uint8Array<ArrayBuffer>): number | undefined {
  const info = infoOf(head)?.info;
  const duration = info && childrenOf(head, info).find(({ id }) => id === DURATION);
  if (duration?.to !== (duration?.from ?? 0) + 8) return undefined;
  const value = new DataView(head.buffer, head.byteOffset).getFloat64(duration.from);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** `moves`: what follows may stand elsewhere. */
function infoOf(head: Uint8Array): { info: Element; moves: boolean } | undefined {
  const [ebml, segment] = childrenOf(head, { from: 0, to: head.length });
  if (ebml?.id !== EBML || segment?.id !== SEGMENT) return undefined;
  const children = childrenOf(head, segment);
  const info = children.find(({ id }) => id === INFO);
  if (!info || info.open) return undefined;
  const scale = childrenOf(head, info).find(({ id }) => id === SCALE);
  if (scale && numberIn(head, scale) !== 1_000_000) return undefined;
  return { info, moves: segment.open && !children.some(({ id }) => id === SEEK_HEAD) };
}

/** As far as they are whole; clusters are not looked into, nor what follows one of unknown length. */
function childrenOf(bytes: Uint8Array, { from, to }: Pick<Element, "from" | "to">): Element[] {
  const found: Element[] = [];
  let at = from;
  while (at < to) {
    const id = vintAt(bytes, at, true);
    const length = id && vintAt(bytes, at + id.size, false);
    if (!length || id.value === CLUSTER) break;
    const start = at;
    const begin = at + id.size + length.size;
    const end = length.open ? to : begin + length.value;
    if (end > to && id.value !== SEGMENT) break;
    found.push({ id: id.value, start, from: begin, to: Math.min(end, to), open: length.open });
    at = end;
  }
  return found;
}

/** A number whose first byte says how long it is; an id keeps the bit that says so. */
function vintAt(
  bytes: Uint8Array,
  at: number,
  marked: boolean,
): { value: number; size: number; open: boolean } | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0) return undefined;
  const size = Math.clz32(first) - 23;
  if (at + size > bytes.length) return undefined;
  const mark = 0x80 >> (size - 1);
  const rest = [...bytes.subarray(at + 1, at + size)];
  const value = rest.reduce((sum, byte) => sum * 256 + byte, marked ? first : first & (mark - 1));
  const open = (first & (mark - 1)) === mark - 1 && rest.every((byte) => byte === 255);
  return { value, size, open: open && !marked };
}

function numberIn(bytes: Uint8Array, { from, to }: Element): number {
  return [...bytes.subarray(from, to)].reduce((sum, byte) => sum * 256 + byte, 0);
}

function lengthOf(value: number): number[] {
  return [1, 0, 0, 0, (value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
