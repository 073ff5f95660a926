import { describe, expect, test } from "vitest";
import { isSvg, pictureIn } from "./picture";
import { anmf, avif, gif, jpeg, png, svg, vp8, vp8l, vp8x, webp } from "./pictures";

describe("the kind and size of a picture are read", () => {
  test.each([
    ["PNG", png(640, 480), "image/png"],
    ["PNG of huge size", png(640, 480), "image/png"],
    ["JPEG, whatever its thumbnail is", jpeg([640, 480]), "image/jpeg"],
    ["GIF", gif(640, 480, [640, 480]), "image/gif"],
    ["lossy WebP", webp(vp8(640, 480)), "image/webp"],
    ["lossless WebP", webp(vp8l(640, 480)), "image/webp"],
    ["WebP with more than a picture", webp(vp8x(640, 480), vp8(640, 480)), "image/webp"],
  ])("%s", (_, data, mime) => {
    expect(pictureIn(data)).toEqual({ mime, width: 640, height: 480 });
  });

  test("16,000 square, in 33 bytes", () => {
    expect(pictureIn(png(16_000, 16_000))).toMatchObject({ width: 16_000, height: 16_000 });
  });

  test("bytes in the middle of a buffer are read from there", () => {
    const outer = new Uint8Array([9, 9, 9, ...png(3, 4)]);
    expect(pictureIn(outer.subarray(3))).toMatchObject({ width: 3, height: 4 });
  });
});

describe("of several sizes the largest counts", () => {
  test.each([
    ["frames of a GIF larger than its screen", gif(10, 10, [10, 10], [16_000, 9])],
    ["two frames of a JPEG", jpeg([10, 10], [16_000, 10])],
    ["a canvas larger than its picture", webp(vp8x(16_000, 10), vp8(10, 10))],
    ["a picture larger than its canvas", webp(vp8x(10, 10), vp8(16_000, 10))],
    ["a frame larger than its canvas", webp(vp8x(10, 10), anmf(16_000, 10))],
  ])("%s", (_, data) => {
    expect(pictureIn(data)?.width).toBe(16_000);
  });

  test("a GIF of more frames than are gone through has none", () => {
    const frames = Array.from({ length: 3_000 }, (): [number, number] => [1, 1]);
    expect(pictureIn(gif(10, 10, ...frames))?.width).toBe(Infinity);
  });
});

describe("a file of another kind, or without a size, has none", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("hello")],
    ["SVG", svg("")],
    ["AVIF", avif(10, 10)],
    ["BMP", new TextEncoder().encode("BM".padEnd(60, "\0"))],
    ["a PNG of no width", png(0, 10)],
    ["a PNG that begins with another chunk", Uint8Array.from(png(9, 9), (b, i) => (i === 12 ? 0x58 : b))],
    ["a JPEG without a frame", jpeg()],
    ["a WebP of nothing", webp()],
  ])("%s", (_, data) => {
    expect(pictureIn(data)).toBeUndefined();
  });

  const whole = {
    png: png(9, 9),
    jpeg: jpeg([9, 9]),
    gif: gif(9, 9, [9, 9]),
    webp: webp(vp8x(9, 9), vp8(9, 9)),
  };
  test.each(Object.entries(whole))(
    "%s, cut anywhere or with any byte turned over, is no error",
    (_, data) => {
      for (let at = 0; at < data.length; at += 1) {
        pictureIn(Uint8Array.from(data, (byte, i) => (i === at ? byte ^ 0xff : byte)));
        const cut = pictureIn(data.subarray(0, at));
        if (cut) expect([cut.width, cut.height]).toEqual([9, 9]);
      }
    },
  );
});

describe("SVG is recognised by its content", () => {
  const text = (of: string) => new TextEncoder().encode(of);
  test.each<[string, Uint8Array]>([
    ["plain", svg("")],
    ["behind a mark and blanks", text("\uFEFF \n\t<svg/>")],
    ["behind a declaration", text('<?xml version="1.0"?><!-- x --><svg/>')],
    ["in UTF-16", Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x73, 0)],
    ["compressed", Uint8Array.of(0x1f, 0x8b, 8)],
  ])("%s", (_, data) => {
    expect(isSvg(data)).toBe(true);
    expect(pictureIn(data)).toBeUndefined();
  });

  test("other pictures are not taken for SVG", () => {
    for (const data of [png(1, 1), jpeg([1, 1]), avif(1, 1)]) expect(isSvg(data)).toBe(false);
  });
});
