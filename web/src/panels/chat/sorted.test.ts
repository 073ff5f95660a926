import { expect, test } from "vitest";
import { Sorted } from "./sorted";

function counted() {
  const count = { compared: 0 };
  const sorted = new Sorted<number>((a, b) => ((count.compared += 1), a - b));
  return { count, sorted };
}

test("items stand in order, added singly or many at once", () => {
  const { sorted } = counted();
  for (const item of [5, 1, 9, 3]) sorted.add(item);
  sorted.addAll(Array.from({ length: 40 }, (_, i) => 100 - i * 2));
  sorted.addAll([4, 2]);
  expect(sorted.all).toEqual([...sorted.all].toSorted((a, b) => a - b));
  expect(sorted.length).toBe(46);
  expect(sorted.at(3)).toBe(4);
});

test("the index of an item is found, or the index it would have", () => {
  const { sorted } = counted();
  sorted.addAll([10, 20, 30]);
  expect([10, 20, 30, 25].map((item) => sorted.indexOf(item))).toEqual([0, 1, 2, -1]);
  expect([5, 25, 99].map((item) => sorted.place(item))).toEqual([0, 2, 3]);
  sorted.remove(20);
  sorted.remove(25);
  expect(sorted.all).toEqual([10, 30]);
});

test("a last item is inserted with one comparison, and any other with a few", () => {
  const { count, sorted } = counted();
  sorted.addAll(Array.from({ length: 10_000 }, (_, i) => i * 2));
  count.compared = 0;
  sorted.add(99_999);
  expect(count.compared).toBe(1);
  sorted.add(7_777);
  expect(count.compared).toBeLessThan(20);
});
