/** Entries that a changed page writes into a board's maps, as no board of ours would make them. */
import { deflateSync } from "node:zlib";
import type { Person } from "./person";

/** An element as it stands in the shared map. */
export const flat = (type: string, fields: Record<string, unknown> = {}) => ({
  ...{ type, x: 0, y: 0, width: 200, height: 30, angle: 0, strokeColor: "#1e1e1e" },
  ...{ backgroundColor: "transparent", fillStyle: "solid", strokeWidth: 1, strokeStyle: "solid" },
  ...{ roughness: 1, opacity: 100, seed: 1, version: 1, versionNonce: 1, index: null },
  ...fields,
});

export const words = (text: string, fields: Record<string, unknown> = {}) =>
  flat("text", {
    ...{ fontSize: 16, fontFamily: 5, text, originalText: text, textAlign: "left" },
    ...{ verticalAlign: "top", lineHeight: 1.25, ...fields },
  });

/** Somebody sets entries of one of the board's maps. */
export function put(
  { page }: Person,
  map: string,
  entries: [key: string, value: unknown][],
): Promise<void> {
  return page.evaluate(
    async ([map, entries]) => {
      const view = await globalThis.coveyRoom?.doc("board");
      view?.doc.transact(() => {
        for (const [key, value] of entries) view.doc.getMap(map).set(key, value);
      });
    },
    [map, entries] as const,
  );
}

/** Somebody stores pictures, whatever they are. */
export function putFiles(
  { page }: Person,
  files: [id: string, mime: string, data: Uint8Array][],
): Promise<void> {
  return page.evaluate(
    async (files) => {
      const view = await globalThis.coveyRoom?.doc("board");
      for (const [id, mime, base64] of files) {
        const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        view?.doc.getMap("files").set(id, { mime, data, created: 1 });
      }
    },
    files.map(([id, mime, data]) => [id, mime, Buffer.from(data).toString("base64")] as const),
  );
}

/** Somebody draws so many strokes of 15,000 points each, which is more than a hand does. */
export function putStrokes({ page }: Person, count: number, map = "page/main"): Promise<void> {
  return page.evaluate(
    async ([map, count, stroke]) => {
      const view = await globalThis.coveyRoom?.doc("board");
      const points = new Uint8Array(1 + 15_000 * 8);
      points[0] = 4;
      const numbers = new DataView(points.buffer);
      for (let i = 0; i < 15_000; i += 1) {
        numbers.setFloat32(1 + i * 8, (i % 400) * 2, true);
        numbers.setFloat32(5 + i * 8, 80 + 60 * Math.sin(i), true);
      }
      const pressures = Uint8Array.of(4);
      for (let i = 0; i < count; i += 1) {
        view?.doc.getMap(map).set(`stroke${i}`, { ...stroke, points, pressures, y: i });
      }
    },
    [map, count, flat("freedraw", { width: 800, height: 120 })] as const,
  );
}

/** Somebody draws long arrows with labels. */
export function putArrows({ page }: Person, count: number): Promise<void> {
  const label = words("x", { width: 20, height: 25 });
  return page.evaluate(
    async ([count, arrow, label]) => {
      const view = await globalThis.coveyRoom?.doc("board");
      const points = new Uint8Array(1 + 2 * 8);
      points[0] = 4;
      new DataView(points.buffer).setFloat32(9, 16_000, true);
      const map = view?.doc.getMap("page/main");
      for (let i = 0; i < count; i += 1) {
        const boundElements = JSON.stringify([{ id: `label${i}`, type: "text" }]);
        map?.set(`arrow${i}`, { ...arrow, points, boundElements, y: i * 9 });
        map?.set(`label${i}`, { ...label, containerId: `arrow${i}` });
      }
    },
    [count, flat("arrow", { width: 16_000, height: 0 }), label] as const,
  );
}

/** A black PNG in order, of any size: a bit for each pixel, and nearly nothing once it is compressed. */
export function png(width: number, height: number, header: [number, number] = [width, height]) {
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header[0], 0);
  ihdr.writeUInt32BE(header[1], 4);
  ihdr[8] = 1;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", ihdr),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each of so many groups uses the next one ten times. */
export function laughs(levels: number): Buffer {
  const groups = Array.from({ length: levels }, (_, i) => {
    const use = `<use href="#g${i + 1}" x="${i}"/>`.repeat(10);
    return `<g id="g${i}">${use}</g>`;
  });
  const dot = `<rect id="g${levels}" width="9" height="9"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300">${groups.reverse().join("")}${dot}</svg>`,
  );
}

function chunk(name: string, content: Buffer): Buffer {
  const all = Buffer.alloc(12 + content.length);
  all.writeUInt32BE(content.length, 0);
  all.write(name, 4, "latin1");
  content.copy(all, 8);
  all.writeUInt32BE(crc(all.subarray(4, 8 + content.length)), 8 + content.length);
  return all;
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
