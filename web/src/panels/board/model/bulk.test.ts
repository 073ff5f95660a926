import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { encodeElement } from "../codec/codec";
import { ELEMENTS, INK, LETTERS, POINTS } from "../codec/limits";
import { sample } from "../codec/samples";
import { amountOf, Bulk } from "./bulk";
import { itemsOf, removed } from "./inventory";
import { encodePoints } from "../codec/numbers";
import { inkIn } from "./ink";
import { PageStore } from "./pageStore";

const stroke = (points: number) =>
  encodeElement(
    sample("stroke", { points: Array.from({ length: points }, (_, i) => [i / 8, 0]), pressures: [] }),
  );
const label = (letters: number) =>
  encodeElement(sample("label", { text: "x".repeat(letters), originalText: "" }));

const SCRIBBLE = Array.from({ length: 3_500 }, (_, i): [number, number] => [i % 2 ? 100 : 0, i % 97]);

function page() {
  const doc = new Y.Doc();
  return { doc, map: doc.getMap<unknown>("page/main") };
}

describe("the size of an entry", () => {
  test("counts points by their bytes, letters beyond a word, and anything as one entry", () => {
    expect(amountOf(stroke(1_000))).toMatchObject({ entries: 1, points: 1_000.25, letters: 0 });
    expect(amountOf(label(1_064))).toMatchObject({ entries: 1, letters: 1_000 });
    expect(amountOf(encodeElement(sample("box")))).toMatchObject({ points: 0, letters: 0 });
    for (const odd of [null, 1, [], {}, new Uint8Array(9)]) expect(amountOf(odd).entries).toBe(1);
  });

  test("counts invalid points as what they would be at most", () => {
    expect(amountOf({ pressures: new Uint8Array(4_001) }).points).toBeGreaterThanOrEqual(500);
  });
});

describe("how far a pen goes", () => {
  const ink = (...points: [number, number][]) => inkIn(encodePoints(points));
  const zigzag = (count: number, across: number) =>
    Array.from({ length: count }, (_, i): [number, number] => [i % 2 ? across : 0, i / 10]);

  test("is the length of a path", () => {
    expect(ink([0, 0], [30, 0], [30, 40])).toBe(70);
    expect(ink([0, 0])).toBe(0);
  });

  test("is more for a scribble, and less for what is painted smaller than it is", () => {
    expect(ink(...zigzag(15_000, 100))).toBeGreaterThan(1_500_000);
    expect(ink([0, 0], [40_000, 40_000], [0, 0])).toBeLessThan(40_000);
  });

  test("of handwriting is little: thousands of words go on a page", () => {
    const word = Array.from({ length: 150 }, (_, i): [number, number] => [i, 12 * Math.sin(i / 2)]);
    expect(ink(...word) * 3_000).toBeLessThan(INK);
  });

  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["an unknown width", Uint8Array.of(2, 0, 0)],
    ["NaN", encodePoints([[Number.NaN, 0]])],
    ["a place too far away", encodePoints([[1e30, 0]])],
  ])("is nothing for %s, which is not drawn", (_, bytes) => {
    expect(inkIn(bytes)).toBe(0);
  });
});

describe("a page", () => {
  test.each<[string, number, unknown]>([
    ["points", Math.ceil(POINTS / 15_000), stroke(15_000)],
    ["ink", 2, encodeElement(sample("stroke", { points: SCRIBBLE, pressures: [] }))],
    ["letters", Math.ceil(LETTERS / 90_000), label(90_000)],
    ["entries", ELEMENTS + 1, { type: "nothing" }],
  ])("has too much on it by its %s", (_, count, value) => {
    const { doc, map } = page();
    const bulk = new Bulk(map);
    bulk.subscribe(() => undefined);
    for (let i = 0; i < count - 1; i += 1) map.set(`e${i}`, value);
    expect(bulk.isTooMuch()).toBe(false);
    map.set("last", value);
    expect([bulk.isTooMuch(), new Bulk(map).isTooMuch()]).toEqual([true, true]);
    map.delete("last");
    expect(bulk.isTooMuch()).toBe(false);
    doc.destroy();
  });

  test("is not decoded while it is too much, at first and later, and is again when it is less", () => {
    const { doc, map } = page();
    const store = new PageStore(doc, "main");
    map.set("box", encodeElement(sample("box")));
    expect(store.elements.size).toBe(1);
    doc.transact(() => {
      for (let i = 0; i < 50; i += 1) map.set(`e${i}`, stroke(15_000));
    });
    expect(store.elements.has("e0")).toBe(false);
    expect(new PageStore(doc, "main").elements.size).toBe(0);
    const told: ReadonlySet<string>[] = [];
    store.onChange((ids) => told.push(ids));
    doc.transact(() => {
      for (let i = 0; i < 49; i += 1) map.delete(`e${i}`);
    });
    expect([...store.elements.keys()].sort()).toEqual(["box", "e49"]);
    expect(told.at(-1)?.has("e49")).toBe(true);
  });

  test("tells beforehand that an addition would be too much", () => {
    const bulk = new Bulk(page().map);
    const amount = amountOf(stroke(15_000));
    expect(bulk.wouldBeTooMuch(Array.from({ length: 10 }, () => amount))).toBe(false);
    expect(bulk.wouldBeTooMuch(Array.from({ length: 50 }, () => amount))).toBe(true);
  });
});

describe("a page as a list", () => {
  const list = (map: Y.Map<unknown>) => itemsOf(map, new Bulk(map).total(), () => true);

  test("has first what is not drawn as it was made, then the costliest, with the authors", () => {
    const { doc, map } = page();
    map.set("box", encodeElement(sample("box", { backgroundColor: "transparent" })));
    map.set("huge", { ...encodeElement(sample("box")), width: 1e7, height: 1e7 });
    map.set(
      "dense",
      encodeElement(sample("box", { width: 3e4, height: 3e4, fillStyle: "hachure", backgroundColor: "red" })),
    );
    map.set("picture", encodeElement(sample("image")));
    map.set("stroke", stroke(500));
    map.set("label", label(100));
    map.set("none", 5);
    const items = list(map);
    expect(items.map(({ id, flaw }) => [id, flaw])).toEqual([
      ["dense", "outline"],
      ["picture", "picture"],
      ["huge", "unreadable"],
      ["none", "unreadable"],
      ["stroke", undefined],
      ["label", undefined],
      ["box", undefined],
    ]);
    expect(items.every(({ client }) => client === doc.clientID)).toBe(true);
    expect(items.find(({ id }) => id === "huge")).toMatchObject({ kind: undefined, width: 1e7 });
  });

  test("is emptied, and an undone deletion keeps what others wrote meanwhile", () => {
    const { doc, map } = page();
    for (let i = 0; i < 50; i += 1) map.set(`e${i}`, stroke(15_000));
    const ids = list(map).map(({ id }) => id);
    expect(ids).toHaveLength(50);
    const undo = removed(doc, map, ids);
    expect(map.size).toBe(0);
    map.set("e0", 1);
    const updates: number[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update.length));
    undo();
    expect([map.size, map.get("e0")]).toEqual([50, 1]);
    // None larger than one update may be.
    expect(Math.max(...updates)).toBeLessThan(512 * 1024);
  });
});
