/** The pages of the board: which there are, what they are called, and in which order. */
import type * as Y from "yjs";
import { cleanName, type NameLength } from "../../../shared/names";
import { isId, isPlain } from "../codec/checks";
import { compare, isOrder, ordersBetween } from "./order";

export interface Page {
  readonly id: string;
  readonly name: string;
  readonly order: string;
}

/** The page that every board has. */
export const MAIN = "main";
/** What it is without an entry of its own. */
const FIRST: Page = { id: MAIN, name: "Page 1", order: "a0" };
/** Of a page's name. */
export const NAME: NameLength = { letters: 64, bytes: 768 };
/** Pages in the strip. */
export const PAGES = 200;

/** Every page there is, in order; the first page if all are gone. */
export function pagesOf(index: Y.Map<unknown>): Page[] {
  const pages: Page[] = index.has(MAIN) ? [] : [FIRST];
  for (const [id, value] of index.entries()) {
    const page = pageIn(id, value);
    if (page) pages.push(page);
  }
  if (pages.length === 0) return [FIRST];
  return pages.sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id)).slice(0, PAGES);
}

/** Pages that have this on their own entry; others' nonsense is no page, except that the first one stays. */
function pageIn(id: string, value: unknown): Page | undefined {
  if (isPlain(value) && value.gone === true) return undefined;
  const { name, order } = isPlain(value) ? value : {};
  const clean = typeof name === "string" ? cleanName(name, NAME) : "";
  if (isId(id) && clean !== "" && isOrder(order)) return { id, name: clean, order };
  return id === MAIN ? FIRST : undefined;
}

export class Pages {
  private readonly index: Y.Map<unknown>;
  private list: Page[];

  constructor(private readonly doc: Y.Doc) {
    this.index = doc.getMap("pages");
    this.list = pagesOf(this.index);
  }

  /** The same array until something changes, as React's stores want it. */
  readonly all = (): readonly Page[] => this.list;

  readonly subscribe = (listener: () => void): (() => void) => {
    const observe = () => {
      this.list = pagesOf(this.index);
      listener();
    };
    observe();
    this.index.observe(observe);
    return () => this.index.unobserve(observe);
  };

  /** A new page behind all others. */
  add(id: string): Page {
    const page = {
      id,
      name: this.freeName(),
      order: ordersBetween(this.list.at(-1)?.order ?? null, null, 1)[0] ?? "a0",
    };
    this.put(page);
    return page;
  }

  rename(id: string, name: string): void {
    const page = this.find(id);
    const next = cleanName(name, NAME);
    if (page && next !== "" && next !== page.name) this.put({ ...page, name: next });
  }

  /** Puts a page at this place of the strip. */
  move(id: string, to: number): void {
    const page = this.find(id);
    const others = this.list.filter((other) => other.id !== id);
    if (!page || this.list.indexOf(page) === to) return;
    const [before, after] = [others[to - 1]?.order ?? null, others[to]?.order ?? null];
    if (before !== null && after !== null && before >= after) {
      // Two made at once have one place: only then do others have to move too.
      this.spread([...others.slice(0, to), page, ...others.slice(to)]);
    } else {
      this.put({ ...page, order: ordersBetween(before, after, 1)[0] ?? page.order });
    }
  }

  /** Hides a page; what is drawn on it stays. Answers how to bring it back. */
  remove(id: string): (() => void) | undefined {
    const page = this.find(id);
    if (!page) return undefined;
    this.index.set(id, { name: page.name, order: page.order, gone: true });
    return () => this.put(page);
  }

  private find(id: string): Page | undefined {
    return this.list.find((page) => page.id === id);
  }

  private put({ id, name, order }: Page): void {
    this.index.set(id, { name, order });
  }

  private spread(pages: readonly Page[]): void {
    const orders = ordersBetween(null, null, pages.length);
    this.doc.transact(() =>
      pages.forEach((page, i) => this.put({ ...page, order: orders[i] ?? page.order })),
    );
  }

  /** "Page 3" for the third, or the next number that nobody took. */
  private freeName(): string {
    const taken = new Set(this.list.map((page) => page.name));
    let number = this.list.length + 1;
    while (taken.has(`Page ${number}`)) number += 1;
    return `Page ${number}`;
  }
}
