import { expect, test } from "vitest";
import { shownOf, type Sight } from "./shown";

const sight = (client: number, change: Partial<Sight> = {}): Sight => ({
  client,
  source: "camera",
  height: 100,
  visible: true,
  pinned: false,
  apart: false,
  ...change,
});
const page = { hidden: false, scale: 1, saving: false };

test("heights are in device pixels", () => {
  const shown = shownOf([sight(2, { height: 100.4 })], { ...page, scale: 2 });
  expect(shown).toEqual([{ client: 2, source: "camera", height: 201, pinned: false }]);
});

test("what is scrolled away, or in a hidden panel, is not shown", () => {
  expect(shownOf([sight(2, { visible: false }), sight(3, { height: 0 })], page)).toEqual([]);
});

test("a hidden page shows nothing but a picture in a window of its own", () => {
  const sights = [sight(2), sight(3, { apart: true })];
  expect(shownOf(sights, { ...page, hidden: true }).map(({ client }) => client)).toEqual([3]);
});

test("a picture that is shown twice is told once, as large as it is anywhere", () => {
  expect(shownOf([sight(2, { height: 300 }), sight(2, { pinned: true })], page)).toEqual([
    { client: 2, source: "camera", height: 300, pinned: true },
  ]);
});

test("the order does not depend on that of the tiles", () => {
  const sights = [sight(3), sight(2, { source: "screen" }), sight(2)];
  expect(shownOf(sights, page)).toEqual(shownOf(sights.toReversed(), page));
});

test("who saves asks for less", () => {
  const sights = [sight(2, { height: 700 }), sight(2, { height: 900, source: "screen" }), sight(3)];
  expect(shownOf(sights, { ...page, saving: true }).map(({ height }) => height)).toEqual([180, 720, 100]);
});
