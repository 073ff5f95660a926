import { expect, test } from "vitest";
import { layersFor, plan } from "./plan.js";

const of = (height: number, rate: number, bitrate: number) => ({
  source: 1,
  height,
  rate,
  bitrate,
});
const [TINY, SMALL, MIDDLE, LARGE] = [
  of(180, 8, 80_000),
  of(180, 15, 150_000),
  of(360, 25, 500_000),
  of(720, 30, 1_700_000),
];
const names = (orders: Record<string, ReturnType<typeof of>>) =>
  plan(new Map(Object.entries(orders))).map(({ order, members }) => [
    order.height,
    [...members.keys()].join(""),
  ]);

test("those who are ordered the same share an encoder", () => {
  expect(names({ a: MIDDLE, b: MIDDLE, c: MIDDLE })).toEqual([[360, "abc"]]);
});

test("one who is ordered something else, or nothing, has an encoder of its own", () => {
  expect(names({ a: MIDDLE, b: MIDDLE, c: LARGE, d: { ...MIDDLE, bitrate: 0 } })).toEqual([[360, "ab"]]);
  expect(names({ a: MIDDLE, b: LARGE })).toEqual([]);
  expect(names({})).toEqual([]);
});

test("of three sizes the two that save most are shared", () => {
  const all = {
    a: SMALL,
    b: SMALL,
    c: SMALL,
    d: MIDDLE,
    e: MIDDLE,
    f: LARGE,
    g: LARGE,
  };
  expect(names(all)).toEqual([
    [720, "fg"],
    [360, "de"],
  ]);
});

test("nobody is sent more than was ordered for them", () => {
  const [shared] = plan(new Map(Object.entries({ a: SMALL, b: SMALL, c: TINY })));
  expect(shared?.order).toEqual(SMALL);
  expect([...(shared?.members.keys() ?? [])]).toEqual(["a", "b"]);
});

test("temporal layers are left out where that comes near enough", () => {
  expect(layersFor(SMALL, SMALL)).toBe(3);
  expect(layersFor(of(360, 15, 400_000), of(360, 30, 500_000))).toBe(2);
  expect(layersFor(of(360, 8, 300_000), of(360, 30, 500_000))).toBe(1);
  expect(layersFor(of(360, 30, 300_000), of(360, 30, 500_000)), "too few frames").toBe(0);
  expect(layersFor(of(360, 4, 300_000), of(360, 30, 500_000)), "too many frames").toBe(0);
});
