import { expect, test } from "vitest";
import { lengthIn, timed, written } from "./webm";

const element = (id: readonly number[], content: readonly number[]) => [
  ...id,
  0x80 | content.length,
  ...content,
];
const EBML = element([0x1a, 0x45, 0xdf, 0xa3], [0x42, 0x86, 0x81, 1]);
const SCALE = element([0x2a, 0xd7, 0xb1], [0x0f, 0x42, 0x40]);
const APP = element([0x4d, 0x80], [67, 104]);
const INFO = [0x15, 0x49, 0xa9, 0x66];
const SEEK_HEAD = element([0x11, 0x4d, 0x9b, 0x74], [1, 2]);
const TRACKS = element([0x16, 0x54, 0xae, 0x6b], [1, 2, 3]);
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75, 0x01, 255, 255, 255, 255, 255, 255, 255, 9, 9, 9];
const OPEN = [0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255];

const file = (...parts: (readonly number[])[]) => new Uint8Array(parts.flat());
const HEAD = file(EBML, OPEN, element(INFO, [...SCALE, ...APP]), TRACKS, CLUSTER);

test("a file gets room for its length, and says it then", () => {
  const found = timed(HEAD);
  expect(found).toBeDefined();
  if (!found) return;
  const { bytes, at } = found;
  expect(lengthIn(bytes)).toBeUndefined();
  bytes.set(new Uint8Array(written(192_500)), at);
  expect(lengthIn(bytes)).toBe(192_500);
  // All else is as it was.
  expect([...bytes.slice(-TRACKS.length - CLUSTER.length)]).toEqual([...TRACKS, ...CLUSTER]);
  expect([...bytes.slice(0, EBML.length + OPEN.length)]).toEqual([...EBML, ...OPEN]);
  // Nothing is inserted twice.
  expect(timed(bytes)).toEqual({ bytes, at });
});

test.each([
  ["the beginning of a head", HEAD.slice(0, 12)],
  ["a head that ends within its info", HEAD.slice(0, EBML.length + OPEN.length + 8)],
  ["a file that says where things stand", file(EBML, OPEN, SEEK_HEAD, element(INFO, SCALE), TRACKS)],
  ["a file of a known length", file(EBML, element([0x18, 0x53, 0x80, 0x67], element(INFO, SCALE)))],
  ["another unit of time", file(EBML, OPEN, element(INFO, element([0x2a, 0xd7, 0xb1], [1])), TRACKS)],
  ["something else", file([0, 0, 0, 24, 102, 116, 121, 112])],
  ["nothing", file()],
])("%s stays as it is", (_, head) => {
  expect(timed(head)).toBeUndefined();
  expect(lengthIn(head)).toBeUndefined();
});

test("any bytes are read without a fault", () => {
  let seed = 7;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = HEAD.slice(0, Math.floor(random() * (HEAD.length + 1)));
    for (let each = 0; each < 3; each += 1)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const found = timed(bytes);
    if (found) expect(found.at + 8).toBeLessThanOrEqual(found.bytes.length);
    lengthIn(bytes);
  }
});
