import { expect, test } from "vitest";
import { arranged, gridOf, splitOf, type Box, type Rect } from "./grid";

const PLACES: readonly Box[] = [
  { width: 1100, height: 700 },
  { width: 760, height: 640 },
  { width: 390, height: 560 },
  { width: 270, height: 720 },
  { width: 360, height: 220 },
  { width: 200, height: 120 },
];

test("columns follow the shape of the place", () => {
  expect(gridOf(4, { width: 1100, height: 700 }).columns).toBe(2);
  expect(gridOf(2, { width: 1100, height: 500 }).columns).toBe(2);
  expect(gridOf(2, { width: 270, height: 720 }).columns).toBe(1);
  expect(gridOf(9, { width: 1100, height: 700 }).columns).toBe(3);
});

test("a row fits into the place, and so does the height unless tiles would be too small", () => {
  for (const place of PLACES)
    for (let count = 1; count <= 12; count += 1) {
      const { columns, tile } = gridOf(count, place);
      const rows = Math.ceil(count / columns);
      expect(columns * tile.width + (columns - 1) * 6).toBeLessThanOrEqual(place.width);
      const scrolls = rows * tile.height + (rows - 1) * 6 > place.height;
      expect(tile.width).toBeGreaterThanOrEqual(120 - 1);
      if (scrolls) expect(tile.height).toBeLessThan(140);
    }
});

test("a tile is between 16:9 and a square", () => {
  for (const place of PLACES)
    for (let count = 1; count <= 12; count += 1) {
      const { width, height } = gridOf(count, place).tile;
      expect(width / height).toBeGreaterThan(0.97);
      expect(width / height).toBeLessThan(1.85);
    }
});

test("the small tiles stand beside the stage in a wide place, and below it in others", () => {
  for (const place of PLACES) {
    const { strip, stage, rest } = splitOf(place);
    expect(strip).toBe(place.width > place.height * 1.3 ? "beside" : "below");
    if (strip === "beside") expect(stage.width + 6 + rest.width).toBe(place.width);
    else expect(stage.height + 6 + rest.height).toBe(place.height);
  }
});

test("tiles stand beside each other, inside of the place unless they scroll", () => {
  for (const place of PLACES)
    for (const stage of [0, 1, 2])
      for (const others of [1, 2, 5, 9]) {
        const at = arranged(stage, others, place);
        const all = [...at.stage, ...at.others];
        expect(all).toHaveLength(stage + others);
        for (const [index, one] of all.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(0);
          expect(one.y).toBeGreaterThanOrEqual(0);
          expect(one.x + one.width).toBeLessThanOrEqual(place.width);
          for (const other of all.slice(index + 1)) expect(overlap(one, other)).toBe(false);
        }
      }
});

test("whoever stands on a stage alone has all of the place", () => {
  expect(arranged(1, 0, { width: 800, height: 600 }).stage).toEqual([
    { x: 0, y: 0, width: 800, height: 600 },
  ]);
});

function overlap(one: Rect, other: Rect): boolean {
  const apart = (a: number, sizeA: number, b: number, sizeB: number) => a + sizeA <= b || b + sizeB <= a;
  return !(apart(one.x, one.width, other.x, other.width) || apart(one.y, one.height, other.y, other.height));
}
