import { expect, test } from "vitest";
import { moved, WHOLE, zoomed } from "./zoom";

const place = { width: 800, height: 400 };

test("what is at the point stays there", () => {
  const zoom = zoomed(WHOLE, 2, { x: 200, y: 100 }, place);
  expect(zoom).toEqual({ scale: 2, x: -200, y: -100 });
  expect(zoomed(zoom, 0.5, { x: 700, y: 300 }, place)).toEqual(WHOLE);
});

test("the picture covers its place, however it is moved", () => {
  const zoom = zoomed(WHOLE, 2, { x: 400, y: 200 }, place);
  expect(moved(zoom, { x: 5_000, y: 5_000 }, place)).toEqual({ scale: 2, x: 0, y: 0 });
  expect(moved(zoom, { x: -5_000, y: -5_000 }, place)).toEqual({ scale: 2, x: -800, y: -400 });
  expect(moved(WHOLE, { x: 10, y: -10 }, place)).toEqual(WHOLE);
});

test("it is never smaller than whole, and larger only so far", () => {
  expect(zoomed(WHOLE, 0.1, { x: 0, y: 0 }, place)).toEqual(WHOLE);
  expect(zoomed(WHOLE, 1_000, { x: 0, y: 0 }, place).scale).toBe(8);
});
