/** The order of elements, from back to front. */
import { compare, ordersBetween } from "../../../shared/order";

interface Ordered {
  readonly id: string;
  readonly index: string | null;
}

/** From back to front; equal places by id, so that everyone has the same order. What has no valid place is in front. */
export function inOrder(a: Ordered, b: Ordered): number {
  const [x, y] = [a.index ?? "~", b.index ?? "~"];
  return x === y ? compare(a.id, b.id) : compare(x, y);
}

/**
 * The places of elements that are already in order, made strictly growing, as Excalidraw demands: two people who
 * draw at once give their elements the same place. A function of what is stored and nothing else; it is not written
 * back, so that nobody's repair is somebody else's change.
 */
export function repaired<T extends Ordered>(sorted: readonly T[]): { element: T; index: string }[] {
  const places: { element: T; index: string }[] = [];
  let low: string | null = null;
  let run: T[] = [];
  const settle = (high: string | null) => {
    const orders = run.length > 0 ? ordersBetween(low, high, run.length) : [];
    run.forEach((element, i) => places.push({ element, index: orders[i] ?? "" }));
    run = [];
  };
  for (const element of sorted) {
    const { index } = element;
    if (index === null || (low !== null && index <= low)) {
      run.push(element);
      continue;
    }
    settle(index);
    places.push({ element, index });
    low = index;
  }
  settle(null);
  return places;
}
