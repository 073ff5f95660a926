import { describe, expect, test } from "vitest";
import type { SceneElement } from "../codec/element";
import { LINES, PATTERN, SIZE } from "../codec/limits";
import { sample } from "../codec/samples";
import { drawable, linesOf, outlined, outlineOf } from "./cost";

const square = (edge: number, changes: Partial<SceneElement> = {}) =>
  sample("box", {
    ...{ id: `b${edge}`, width: edge, height: edge, strokeWidth: 1, strokeStyle: "solid" },
    ...{ backgroundColor: "#ff0000", fillStyle: "hachure", ...changes },
  });
const many = (count: number, make: (i: number) => SceneElement) =>
  Array.from({ length: count }, (_, i) => make(i));

describe("the lines of a pattern", () => {
  test("are as many as roughly fit between its edges", () => {
    expect(linesOf(square(200))).toBeGreaterThan(100);
    expect(linesOf(square(200))).toBeLessThan(200);
    expect(linesOf(square(200, { strokeWidth: 4 }))).toBeLessThan(100);
    expect(linesOf(square(30_000))).toBeGreaterThan(PATTERN);
  });

  test("are twice as many if they cross", () => {
    expect(linesOf(square(200, { fillStyle: "cross-hatch" }))).toBeGreaterThan(1.9 * linesOf(square(200)));
    expect(linesOf(square(200, { fillStyle: "zigzag" }))).toBeGreaterThan(1.9 * linesOf(square(200)));
  });

  test.each<[string, SceneElement]>([
    ["nothing is filled", square(SIZE, { backgroundColor: "transparent" })],
    ["it is filled evenly", square(SIZE, { fillStyle: "solid" })],
    ["it is a text", sample("label", { width: SIZE, height: SIZE, fillStyle: "hachure" })],
  ])("there are none where %s", (_, element) => {
    expect(linesOf(element)).toBe(0);
  });

  test("a small path that goes to and fro has as many as its length asks for", () => {
    const points = many(16_000, () => square(1)).map((_, i): [number, number] => [i % 2 ? 400 : 0, i % 7]);
    const path = sample("line", { points, backgroundColor: "#ff0000", fillStyle: "hachure", strokeWidth: 1 });
    expect(linesOf(path)).toBeGreaterThan(PATTERN);
  });

  test("the thinnest pen has the densest pattern", () => {
    expect(linesOf(square(2_000, { strokeWidth: 0.1 }))).toBeGreaterThan(PATTERN);
  });

  test("dots along an outline count too", () => {
    const dots = (edge: number) => linesOf(square(edge, { fillStyle: "solid", strokeStyle: "dotted" }));
    expect(dots(SIZE)).toBeGreaterThan(1_000);
    expect(dots(200)).toBeLessThan(20);
  });
});

describe("the outlines of a page", () => {
  test("are none on a page that was drawn by hand", () => {
    expect(
      outlined(
        many(1_000, (i) => square(100 + (i % 300), { id: `b${i}` })),
        LINES,
      ).size,
    ).toBe(0);
  });

  test("replace an element that costs too much alone", () => {
    expect([...outlined([square(200), square(30_000)], LINES)]).toEqual(["b30000"]);
  });

  test("replace the costliest of elements that cost too much together, and no more than needed", () => {
    const small = many(500, (i) => square(200, { id: `small${i}` }));
    const large = many(200, (i) => square(3_000, { id: `large${i}` }));
    const bare = outlined([...small, ...large], LINES);
    expect([...bare].every((id) => id.startsWith("large"))).toBe(true);
    const rest = [...small, ...large].filter(({ id }) => !bare.has(id));
    const lines = rest.reduce((sum, element) => sum + linesOf(element), 0);
    expect(lines).toBeLessThanOrEqual(LINES);
    expect(lines).toBeGreaterThan(LINES - linesOf(square(3_000)));
  });

  test("are the same in any order", () => {
    const all = many(400, (i) => square(3_000, { id: `e${i}` }));
    expect(outlined(all, LINES)).toEqual(outlined([...all].reverse(), LINES));
  });

  test("leave no lines of 500 elements of 30,000 square", () => {
    const all = many(500, (i) => square(30_000, { id: `e${i}` }));
    expect(drawable(all).reduce((sum, element) => sum + linesOf(element), 0)).toBe(0);
  });

  test("are straight, whole, and not filled", () => {
    const outline = outlineOf(square(9, { strokeStyle: "dotted" }));
    expect(outline).toMatchObject({
      roughness: 0,
      strokeStyle: "solid",
      backgroundColor: "transparent",
      width: 9,
    });
  });
});
