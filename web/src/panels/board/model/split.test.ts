import { describe, expect, test } from "vitest";
import { isKeepable } from "../codec/codec";
import type { SceneElement } from "../codec/element";
import { SIZE, STROKE, TEXT } from "../codec/limits";
import { sample } from "../codec/samples";
import { split } from "./split";

let last = 0;
const newId = () => `new${(last += 1)}`;
/** Every letter half as wide as it is high. */
const measure = ({ fontSize, lineHeight }: SceneElement, text: string) => {
  const lines = text.split("\n");
  const longest = lines.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    width: (longest * Number(fontSize)) / 2,
    height: lines.length * Number(fontSize) * Number(lineHeight),
  };
};
const parts = (element: SceneElement) => split(element, newId, measure) ?? [];

describe("a text", () => {
  const text = (text: string, changes: Partial<SceneElement> = {}) => {
    const element = sample("label", {
      containerId: null,
      text,
      originalText: text,
      autoResize: true,
      ...changes,
    });
    return { ...element, ...measure(element, text) };
  };

  test.each<[string, SceneElement]>([
    ["of too many lines", text("word\n".repeat(30_000))],
    ["of too many letters", text(`${"x".repeat(200)}\n`.repeat(600))],
    ["of one line that is too long", text("x".repeat(TEXT + 1))],
    ["of words in one line", text("some words ".repeat(10_000))],
    ["of letters of two characters", text("😀".repeat(9_000))],
    ["in large letters", text("large\n".repeat(500), { fontSize: 300 })],
  ])("%s is several that a board can have, one below the other, with every letter", (_, element) => {
    expect(isKeepable(element)).toBe(false);
    const all = parts(element);
    expect(all.every(isKeepable)).toBe(true);
    const written = all.map((part) => part.text).join("\n");
    // Not compared as texts: they would fill the screen.
    expect(letters(written) === letters(element.text)).toBe(true);
    all.forEach((part, i) => {
      const before = all[i - 1];
      expect(part.y).toBe(before ? Number(before.y) + Number(before.height) : element.y);
    });
    expect(all[0]?.id).toBe(element.id);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test("that is a label goes on outside of its box", () => {
    const all = parts(text("word\n".repeat(5_000), { containerId: "box" }));
    expect(all.map(({ containerId }) => containerId).slice(0, 2)).toEqual(["box", null]);
  });

  test("without an end is not put in parts", () => {
    expect(split(text("\n".repeat(700_000)), newId, measure)).toBeUndefined();
  });
});

test("a stroke without a pause goes on where it left off", () => {
  const points = Array.from({ length: 2 * STROKE }, (_, i): [number, number] => [i % 500, i / 10]);
  const stroke = sample("stroke", { points, pressures: points.map(() => 0.5) });
  expect(isKeepable(stroke)).toBe(false);
  const all = parts(stroke);
  expect(all).toHaveLength(3);
  expect(all.every(isKeepable)).toBe(true);
  const drawn = all.flatMap(({ x, y, points }, i) =>
    (points as [number, number][])
      .slice(i === 0 ? 0 : 1)
      .map(([dx, dy]) => [Number(x) + dx - Number(stroke.x), Number(y) + dy - Number(stroke.y)]),
  );
  expect(drawn).toHaveLength(points.length);
  expect(drawn.every(([x = NaN, y = NaN], i) => near(x, points[i]?.[0]) && near(y, points[i]?.[1]))).toBe(
    true,
  );
});

test("an element that is neither a text nor a stroke is not split", () => {
  expect(split(sample("box", { width: 2 * SIZE }), newId, measure)).toBeUndefined();
  expect(split(sample("line"), newId, measure)).toBeUndefined();
});

const letters = (text: unknown) => String(text).replaceAll("\n", "");
const near = (a: number, b = NaN) => Math.abs(a - b) < 1e-6;
