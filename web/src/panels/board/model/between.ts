/** Elements without a stored place among those that have one. */
import type { SceneElement } from "../codec/element";
import { isOrder, ordersBetween } from "../../../shared/order";
import { inOrder } from "./order";

/** Puts what has no stored place yet among what has one; only the newcomers' places give way. */
export function between(settled: readonly SceneElement[], loose: readonly SceneElement[]): SceneElement[] {
  const rest = [...loose].sort(inOrder);
  const all: SceneElement[] = [];
  for (const element of [...settled, undefined]) {
    for (let next = rest[0]; next && (!element || inOrder(next, element) < 0); next = rest[0]) {
      rest.shift();
      const [low, high] = [all.at(-1)?.index ?? null, element?.index ?? null];
      const { index } = next;
      const fits = isOrder(index) && (low === null || low < index) && (high === null || index < high);
      if (!fits) place(next, ordersBetween(low, high, 1)[0] ?? null);
      all.push(next);
    }
    if (element) all.push(element);
  }
  return all;
}

/** In place, because the surface may hold on to the object; a place given here is nobody's edit. */
export function place(element: SceneElement, index: string | null): void {
  (element as { index: string | null }).index = index;
}
