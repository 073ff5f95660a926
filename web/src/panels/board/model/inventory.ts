/** A page as a list of what is on it, for when it can't be drawn: read from what is stored, and deleted from it. */
import type * as Y from "yjs";
import { isPlain } from "../codec/checks";
import { decodeElement } from "../codec/codec";
import type { SceneElement } from "../codec/element";
import { KINDS } from "../codec/fields";
import { LINES } from "../codec/limits";
import { batches } from "./batches";
import { type Amount, amountOf, isTooMuch } from "./bulk";
import { linesOf, outlined } from "./cost";

/** Why something is not drawn as it was made. */
export type Flaw = "unreadable" | "outline" | "picture";

export interface Item {
  readonly id: string;
  /** Of an element in order; `undefined` for anything else. */
  readonly kind: string | undefined;
  readonly amount: Amount;
  readonly width: number;
  readonly height: number;
  /** The beginning of its text, or its name. */
  readonly words: string;
  /** The Yjs client that wrote it last. */
  readonly client: number | undefined;
  readonly flaw: Flaw | undefined;
}

/** Characters of a text that are enough to know it by. */
const WORDS = 80;

/**
 * Everything on a page: first what is not drawn as it was made, then the costliest. `total` as it is counted for the
 * page.
 */
export function itemsOf(map: Y.Map<unknown>, total: Amount, isRefused: (file: string) => boolean): Item[] {
  const isWhole = !isTooMuch(total);
  const elements = new Map<string, SceneElement>();
  // Elements beyond the bound are not decoded: the list must open in any case.
  if (isWhole) {
    for (const [id, value] of map.entries()) {
      const element = decodeElement(id, value);
      if (element) elements.set(id, element);
    }
  }
  const bare = outlined(elements.values(), LINES);
  const flawOf = (id: string): Flaw | undefined => {
    const element = elements.get(id);
    if (!element) return isWhole ? "unreadable" : undefined;
    if (bare.has(id)) return "outline";
    return element.type === "image" && isRefused(String(element.fileId)) ? "picture" : undefined;
  };
  const items = [...map.entries()].map(([id, value]) => itemOf(id, value, clientOf(map, id), flawOf(id)));
  const weights = new Map(items.map((item) => [item, weightOf(item, elements.get(item.id))]));
  const weight = (item: Item) => weights.get(item) ?? 0;
  return items.sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

/** Deletes entries. Answers how to bring back those that nobody has written anew. */
export function removed(doc: Y.Doc, map: Y.Map<unknown>, ids: readonly string[]): () => void {
  const values = ids.flatMap((id): [string, unknown][] => (map.has(id) ? [[id, map.get(id)]] : []));
  doc.transact(() => values.forEach(([id]) => map.delete(id)));
  return () => {
    for (const batch of batches(values)) {
      doc.transact(() => batch.forEach(([id, value]) => !map.has(id) && map.set(id, value)));
    }
  };
}

function itemOf(id: string, value: unknown, client: number | undefined, flaw: Flaw | undefined): Item {
  const fields = isPlain(value) ? value : {};
  const { type, text, name, width, height } = fields;
  const words = [text, name].find((some) => typeof some === "string");
  return {
    id,
    kind: typeof type === "string" && KINDS.has(type) && flaw !== "unreadable" ? type : undefined,
    amount: amountOf(value),
    width: typeof width === "number" ? width : 0,
    height: typeof height === "number" ? height : 0,
    words: (words ?? "").slice(0, WORDS).trim(),
    client,
    flaw,
  };
}

function clientOf(map: Y.Map<unknown>, id: string): number | undefined {
  return map._map.get(id)?.id.client;
}

const rank = ({ flaw }: Item): number => (flaw === undefined ? 1 : 0);

function weightOf({ amount }: Item, element: SceneElement | undefined): number {
  return amount.points + amount.letters + amount.ink / 10 + (element ? linesOf(element) : 0);
}
