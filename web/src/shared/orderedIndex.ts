/** An index of named things in an order, as a document has it: files, pages. What others wrote is checked. */
import type * as Y from "yjs";
import { freshId, isId } from "./ids";
import { cleanName, type NameLength } from "./names";
import { compare, orderBetween, ordersBetween } from "./order";

/** Nobody who puts things in an order makes longer places. */
const ORDER_LENGTH = 256;

export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly order: string;
}

export interface IndexKind {
  /** The map of the document that holds the index. */
  readonly root: string;
  /** The entry that exists before anybody made one, and again when all are removed. */
  readonly first?: Pick<Entry, "id" | "name">;
  readonly name: NameLength;
  /** The most entries that are shown: a hostile index could name thousands. */
  readonly most: number;
}

/** An entry as it is stored, replaced as a whole. */
interface Stored {
  name: string;
  order: string;
  gone?: true;
}

const [FIRST = ""] = ordersBetween(null, null, 1);

export class OrderedIndex {
  private readonly map: Y.Map<unknown>;
  private list: readonly Entry[] = [];
  private listeners = 0;

  constructor(
    private readonly doc: Y.Doc,
    private readonly kind: IndexKind,
  ) {
    this.map = doc.getMap(kind.root);
    this.refresh();
  }

  /** All in their order: the same array until something changes, as React's stores want it. */
  readonly all = (): readonly Entry[] => {
    if (this.listeners === 0) this.refresh();
    return this.list;
  };

  /** Calls back when entries come, go, move or are renamed. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const observe = () => {
      this.refresh();
      listener();
    };
    this.refresh();
    this.listeners += 1;
    this.map.observe(observe);
    return () => {
      this.listeners -= 1;
      this.map.unobserve(observe);
    };
  };

  /** Adds one behind all others and returns its id; nothing if there may be no more, or the name is blank. */
  add(name: string, id = freshId()): string | undefined {
    const clean = this.cleaned(name);
    const all = this.all();
    if (clean === undefined || all.length >= this.kind.most) return undefined;
    this.putAt({ id, name: clean }, all, all.length);
    return id;
  }

  rename(id: string, name: string): void {
    const entry = this.find(id);
    const clean = this.cleaned(name);
    if (entry && clean !== undefined && clean !== entry.name) this.put(id, { ...entry, name: clean });
  }

  /** Moves one so that it stands at this place among all. */
  move(id: string, to: number): void {
    const all = this.all();
    const entry = this.find(id);
    if (!entry || all[to] === undefined || all[to] === entry) return;
    this.putAt(
      entry,
      all.filter((each) => each !== entry),
      to,
    );
  }

  /** Hides one; what it names stays. Returns a function that brings it back. */
  remove(id: string): (() => void) | undefined {
    const entry = this.find(id);
    if (!entry) return undefined;
    this.put(id, { ...entry, gone: true });
    return () => {
      const stored = this.parsed(this.map.get(id));
      if (stored?.gone) this.put(id, { name: stored.name, order: stored.order });
    };
  }

  /** A name as it may stand in the index, if anything is left of it. */
  cleaned(name: string): string | undefined {
    const clean = cleanName(name, this.kind.name);
    return clean === "" ? undefined : clean;
  }

  private find(id: string): Entry | undefined {
    return this.all().find((each) => each.id === id);
  }

  /** Between two others; where their places leave none between them, all get new ones. */
  private putAt({ id, name }: Pick<Entry, "id" | "name">, others: readonly Entry[], at: number): void {
    const order = orderBetween(others[at - 1]?.order ?? null, others[at]?.order ?? null);
    if (order !== undefined) {
      this.put(id, { name, order });
      return;
    }
    const all = [...others.slice(0, at), { id, name }, ...others.slice(at)];
    const orders = ordersBetween(null, null, all.length);
    this.doc.transact(() =>
      all.forEach((each, i) => this.put(each.id, { name: each.name, order: orders[i] ?? FIRST })),
    );
  }

  private put(id: string, { name, order, gone }: Stored): void {
    this.map.set(id, gone ? { name, order, gone } : { name, order });
  }

  private refresh(): void {
    const next = this.read();
    const same = ({ id, name, order }: Entry, at: number) => {
      const before = this.list[at];
      return before?.id === id && before.name === name && before.order === order;
    };
    if (next.length !== this.list.length || !next.every(same)) this.list = next;
  }

  private read(): Entry[] {
    const { first, most } = this.kind;
    const entries = [...this.map].flatMap(([id, value]): Entry[] => {
      const stored = this.parsed(value);
      return stored && !stored.gone && isId(id) ? [{ id, name: stored.name, order: stored.order }] : [];
    });
    if (first) {
      const stored = this.parsed(this.map.get(first.id));
      const { name, order } = stored ?? { name: first.name, order: FIRST };
      // An invalid entry of others at its key does not remove it.
      if (stored === undefined || entries.length === 0) {
        if (!entries.some(({ id }) => id === first.id)) entries.push({ id: first.id, name, order });
      }
    }
    return entries.sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id)).slice(0, most);
  }

  private parsed(value: unknown): Stored | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    const { name, order, gone } = value as Record<string, unknown>;
    const clean = typeof name === "string" ? this.cleaned(name) : undefined;
    if (clean === undefined || typeof order !== "string" || order.length > ORDER_LENGTH) return undefined;
    return gone === true ? { name: clean, order, gone } : { name: clean, order };
  }
}
