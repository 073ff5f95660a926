import { describe, expect, test } from "vitest";
import { sample } from "../codec/samples";
import { decodeDrafting, drafted, encodeDrafting, MESSAGE, thinned } from "./draft";
import { Drafts } from "./drafts";
import { decodePointing, decodeViewing, encodePointing, encodeViewing } from "./gestures";

const long = (count: number) =>
  sample("stroke", {
    points: Array.from({ length: count }, (_, i) => [i * 0.1, i]),
    pressures: Array.from({ length: count }, () => 0.5),
  });
const stored = new Map([sample("box"), sample("round")].map((element) => [element.id, element]));

describe("pointers and views", () => {
  const pointing = { page: "main", x: -3.5, y: 1e6, pressed: true, laser: false };
  const viewing = { page: "main", bounds: [0, -5, 10.5, 20] as const };

  test("come back as they were", () => {
    expect(decodePointing(encodePointing(pointing))).toEqual(pointing);
    expect(decodeViewing(encodeViewing(viewing))).toEqual(viewing);
  });

  test("are nothing when they are cut, longer, far away or turned over", () => {
    const bytes = encodePointing(pointing);
    expect(decodePointing(bytes.subarray(0, -1))).toBeUndefined();
    expect(decodePointing(Uint8Array.of(...bytes, 0))).toBeUndefined();
    expect(decodePointing(encodePointing({ ...pointing, x: 1e9 }))).toBeUndefined();
    expect(decodePointing(encodePointing({ ...pointing, y: Number.NaN }))).toBeUndefined();
    expect(decodePointing(encodePointing({ ...pointing, page: "a/b" }))).toBeUndefined();
    expect(decodeViewing(encodeViewing({ ...viewing, bounds: [10, 0, 0, 5] }))).toBeUndefined();
  });
});

describe("drafts", () => {
  test("a new element is sent whole, rounded and locked", () => {
    const bytes = encodeDrafting("main", [{ element: sample("stroke"), stored: undefined }]);
    const [draft] = decodeDrafting(bytes)?.drafts ?? [];
    expect(draft?.whole).toBe(true);
    const seen = draft && drafted(draft, undefined);
    expect(seen).toMatchObject({ id: "stroke", type: "freedraw", locked: true });
    expect(seen?.points).toHaveLength(3);
  });

  test("only the changes of a stored element are sent, and laid over it", () => {
    const element = sample("box", { x: 900, version: 8 });
    const bytes = encodeDrafting("main", [{ element, stored: sample("box") }]);
    expect(bytes.length).toBeLessThan(100);
    const [draft] = decodeDrafting(bytes)?.drafts ?? [];
    const restyled = sample("box", { strokeColor: "#ff0000" });
    expect(draft && drafted(draft, restyled)).toMatchObject({ x: 900, strokeColor: "#ff0000", version: 8 });
    expect(draft && drafted(draft, undefined)).toBeUndefined();
  });

  test("a long stroke is thinned to fit, from its first to its last point", () => {
    const stroke = long(20_000);
    const thin = thinned(stroke).points as number[][];
    expect(thin.length).toBeLessThanOrEqual(1_001);
    expect([thin[0], thin.at(-1)]).toEqual([
      [0, 0],
      [19_999 * 0.1, 19_999],
    ]);
    const bytes = encodeDrafting("main", [{ element: stroke, stored: undefined }]);
    expect(bytes.length).toBeLessThanOrEqual(MESSAGE);
    expect(decodeDrafting(bytes)?.drafts).toHaveLength(1);
  });

  test("elements that do not fit are left out, and the message stays in its bound", () => {
    const many = Array.from({ length: 900 }, (_, i) => ({
      element: sample("box", { id: `b${i}` }),
      stored: undefined,
    }));
    const bytes = encodeDrafting("main", many);
    expect(bytes.length).toBeLessThanOrEqual(MESSAGE);
    expect(decodeDrafting(bytes)?.drafts.length).toBeGreaterThan(10);
  });

  test("no prefix and no flipped byte of a message throws", () => {
    const bytes = encodeDrafting("main", [
      { element: sample("stroke"), stored: undefined },
      { element: sample("box", { x: 4 }), stored: sample("box") },
    ]);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const value of [bytes.subarray(0, at), flipped]) {
        const drafts = new Drafts("main");
        drafts.hear(1, value, stored);
        for (const element of drafts.elements(stored).values()) expect(Number.isFinite(element.x)).toBe(true);
      }
    }
  });
});

describe("a draft of others", () => {
  const say = (changes: object) =>
    encodeDrafting("main", [
      { element: sample("box", { x: 70, version: 9, ...changes }), stored: sample("box") },
    ]);

  test("is shown until it is taken back", () => {
    const drafts = new Drafts("main");
    expect(drafts.hear(1, say({}), stored)).toBe(true);
    expect(drafts.elements(stored).get("box")).toMatchObject({ x: 70 });
    expect(drafts.hear(1, null, stored)).toBe(true);
    expect(drafts.elements(stored).size).toBe(0);
    expect(drafts.hear(1, null, stored)).toBe(false);
  });

  test("ends when it is stored, even if it is sent again", () => {
    const drafts = new Drafts("main");
    drafts.hear(1, say({}), stored);
    const later = new Map([["box", sample("box", { x: 70, version: 9 })]]);
    drafts.settle(new Set(["box"]), later);
    expect(drafts.elements(later).size).toBe(0);
    drafts.hear(1, say({}), later);
    expect(drafts.elements(later).size).toBe(0);
  });

  test("ends when it is deleted", () => {
    const drafts = new Drafts("main");
    drafts.hear(1, say({}), stored);
    drafts.settle(new Set(["box"]), new Map());
    expect(drafts.elements(stored).size).toBe(0);
  });

  test("on another page is not shown here", () => {
    const drafts = new Drafts("other");
    expect(drafts.hear(1, say({}), stored)).toBe(false);
  });
});
