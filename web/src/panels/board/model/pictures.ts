/** Beginnings of picture files that say of themselves what a test wants them to say. */

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (c) => c.charCodeAt(0)) : part)),
  );
const big = (n: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(n / 256 ** (count - 1 - i)) % 256);
const little = (n: number, count: number) => big(n, count).reverse();

export const png = (width: number, height: number) =>
  bytes("\x89PNG\r\n\x1a\n", big(13, 4), "IHDR", big(width, 4), big(height, 4), [8, 6, 0, 0, 0], big(0, 4));

const segment = (marker: number, content: readonly number[]) => [
  0xff,
  marker,
  ...big(content.length + 2, 2),
  ...content,
];
const frame = (width: number, height: number) =>
  segment(0xc2, [8, ...big(height, 2), ...big(width, 2), 1, 1, 0x11, 0]);

/** With a thumbnail of another size inside of a segment, and one frame for each size. */
export const jpeg = (...sizes: [number, number][]) =>
  bytes(
    [0xff, 0xd8],
    segment(0xe1, [...bytes("Exif"), 0xff, 0xd8, ...frame(9_000, 9_000)]),
    segment(0xc4, [0, 0]),
    ...sizes.map(([width, height]) => frame(width, height)),
    segment(0xda, [1]),
  );

/** With a screen, and frames of these sizes on it. */
export const gif = (width: number, height: number, ...frames: [number, number][]) =>
  bytes(
    "GIF89a",
    little(width, 2),
    little(height, 2),
    [0x80, 0, 0],
    [0, 0, 0, 1, 1, 1],
    ...frames.flatMap(([w, h]) => [
      [0x21, 0xf9, 4, 0, 0, 0, 0, 0],
      [0x2c, 0, 0, 0, 0, ...little(w, 2), ...little(h, 2), 0, 2, 2, 0x4c, 0x01, 0],
    ]),
    [0x3b],
  );

const chunk = (name: string, content: readonly number[]) => [
  ...bytes(name),
  ...little(content.length, 4),
  ...content,
  ...(content.length % 2 ? [0] : []),
];

export const webp = (...chunks: number[][]) => bytes("RIFF", little(9_999, 4), "WEBP", ...chunks);
export const vp8 = (width: number, height: number) =>
  chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(width, 2), ...little(height, 2)]);
export const vp8l = (width: number, height: number) =>
  chunk("VP8L", [0x2f, ...little(width - 1 + (height - 1) * 2 ** 14, 4)]);
export const vp8x = (width: number, height: number) =>
  chunk("VP8X", [0, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]);
export const anmf = (width: number, height: number) =>
  chunk("ANMF", [...little(0, 6), ...little(width - 1, 3), ...little(height - 1, 3), 0, 0, 0, 0]);

export const avif = (width: number, height: number) =>
  bytes(
    big(28, 4),
    "ftypavif",
    big(0, 4),
    "avifmif1miaf",
    big(20, 4),
    "ispe",
    big(0, 4),
    big(width, 4),
    big(height, 4),
  );
export const svg = (inside: string) =>
  bytes(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${inside}</svg>`);
