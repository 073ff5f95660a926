import { expect, test } from "vitest";
import { attendee } from "../samples";
import { fitted, recorded, sceneOf } from "./scene";

const SIZE = { width: 1280, height: 720 };
const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);

test("a recording has all tiles, or one for as long as it is there", () => {
  const all = [attendee(1, { self: true }), attendee(2, { screen: true })];
  expect(ids(recorded(all, undefined))).toEqual(["2-screen", "2-camera", "1-camera"]);
  expect(ids(recorded(all, "2-screen"))).toEqual(["2-screen"]);
  expect(recorded([attendee(2)], "2-screen")).toEqual([]);
});

test("shared screens are the largest, one's own too", () => {
  const tiles = recorded([attendee(1, { self: true, screen: true }), attendee(2), attendee(3)], undefined);
  const areas = sceneOf(tiles, SIZE, 8).map(({ rect }) => rect.width * rect.height);
  expect(Math.max(...areas)).toBe(areas[0]);
  expect(tiles[0]?.source).toBe("screen");
});

test("one tile fills the picture, and many stay in it", () => {
  const [only] = sceneOf(recorded([attendee(2)], "2-camera"), SIZE, 0);
  expect(only?.rect.height).toBe(720);
  const many = Array.from({ length: 10 }, (_, at) => attendee(at + 1, { screen: at < 2 }));
  for (const { rect } of sceneOf(recorded(many, undefined), SIZE, 8)) {
    expect(rect.x).toBeGreaterThanOrEqual(8);
    expect(rect.x + rect.width).toBeLessThanOrEqual(1272);
    expect(rect.y).toBeGreaterThanOrEqual(8);
    expect(rect.y + rect.height).toBeLessThanOrEqual(712);
  }
});

test("a camera's picture fills its place, and a screen is whole in it", () => {
  const place = { x: 100, y: 50, width: 200, height: 200 };
  const picture = { width: 1600, height: 800 };
  expect(fitted(picture, place, false)).toEqual({
    from: { x: 400, y: 0, width: 800, height: 800 },
    to: place,
  });
  expect(fitted(picture, place, true)).toEqual({
    from: { x: 0, y: 0, width: 1600, height: 800 },
    to: { x: 100, y: 100, width: 200, height: 100 },
  });
});
