import { expect, test } from "vitest";
import { isOrder, ordersBetween } from "../../../shared/order";
import { inOrder, repaired } from "./order";

const at = (id: string, index: string | null) => ({ id, index });
const repair = (...elements: ReturnType<typeof at>[]) => repaired([...elements].sort(inOrder));

test.each(["a0", "a0V", "b12", "Zz"])("%s is a place", (order) => expect(isOrder(order)).toBe(true));
const NONE = ["", "a", "a00", "!", "~", 5, null, `a0${"V".repeat(300)}`, "javascript://x.example/a", "a0-"];
test.each(NONE)("%s is no place", (order) => {
  expect(isOrder(order)).toBe(false);
});

test("places that grow stay as they are", () => {
  expect(repair(at("x", "a0"), at("y", "a1"), at("z", "a1V")).map(({ index }) => index)).toEqual([
    "a0",
    "a1",
    "a1V",
  ]);
});

test("equal places are separated in the order of ids, and the others stay", () => {
  const places = repair(at("c", "a1"), at("a", "a1"), at("d", "a2"), at("b", "a1"));
  expect(places.map(({ element }) => element.id)).toEqual(["a", "b", "c", "d"]);
  const [a, b, c, d] = places.map(({ index }) => index);
  expect([a, d]).toEqual(["a1", "a2"]);
  expect([a, b, c, d]).toEqual([...new Set([a, b, c, d])].sort());
});

test("the repair does not depend on the order in which things came", () => {
  const elements = [at("q", null), at("b", "a1"), at("a", "a1"), at("c", "a1"), at("p", null), at("z", "Zz")];
  const wanted = JSON.stringify(repair(...elements));
  for (let turn = 1; turn < elements.length; turn += 1) {
    const turned = [...elements.slice(turn), ...elements.slice(0, turn)];
    expect(JSON.stringify(repair(...turned))).toBe(wanted);
  }
});

test("an element without a place is in front of all others", () => {
  expect(repair(at("a", null), at("b", "a5")).map(({ element }) => element.id)).toEqual(["b", "a"]);
});

test("as many growing places are made as were asked for", () => {
  const orders = ordersBetween("a0", "a1", 5);
  expect(orders).toHaveLength(5);
  expect(["a0", ...orders, "a1"]).toEqual(["a0", ...orders, "a1"].sort());
});
