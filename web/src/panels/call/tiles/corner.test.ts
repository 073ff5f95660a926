import { expect, test } from "vitest";
import { CORNERS, cornerFor, rectAt } from "./corner";

const place = { x: 0, y: 60, width: 1400, height: 800 };
const size = { width: 240, height: 120 };
const at = (x: number, y: number, width = 300, height = 60) => ({ x, y, width, height });
const MESSAGE = at(1100, 790);

test("it stands at the bottom right where nothing is in the way", () => {
  expect(cornerFor(size, { place, fields: [], controls: [] }, undefined)).toBe("bottom right");
});

test("it goes out of the way of a field, and comes back only when it has to", () => {
  const around = { place, fields: [MESSAGE], controls: [] };
  expect(cornerFor(size, around, undefined)).toBe("bottom left");
  expect(cornerFor(size, around, "bottom right")).toBe("bottom left");
  expect(cornerFor(size, { ...around, fields: [] }, "bottom left")).toBe("bottom left");
});

test("of the corners without a field it takes the one that covers the fewest buttons", () => {
  const controls = [at(20, 800, 30, 30), at(60, 800, 30, 30), at(1300, 120, 30, 30)];
  expect(cornerFor(size, { place, fields: [MESSAGE], controls }, undefined)).toBe("top left");
});

test("it has no corner where each has a field", () => {
  expect(cornerFor(size, { place, fields: [place], controls: [] }, "top left")).toBeUndefined();
});

test("every corner is inside of the place", () => {
  for (const corner of CORNERS) {
    const { x, y } = rectAt(corner, size, place);
    expect(x).toBeGreaterThanOrEqual(place.x);
    expect(y).toBeGreaterThanOrEqual(place.y);
    expect(x + size.width).toBeLessThanOrEqual(place.x + place.width);
    expect(y + size.height).toBeLessThanOrEqual(place.y + place.height);
  }
});
