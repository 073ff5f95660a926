/** The elements of one page as the shared document has them, decoded. */
import type * as Y from "yjs";
import { decodeElement, encodeElement } from "../codec/codec";
import type { SceneElement } from "../codec/element";
import { batches, type Entry } from "./batches";
import { Bulk } from "./bulk";

export class PageStore {
  /** While a page is too much to draw, new entries are not decoded. */
  readonly bulk: Bulk;
  private readonly decoded = new Map<string, SceneElement>();
  private complete = false;
  private readonly stopCounting: () => void;
  private readonly unreadable = new Set<string>();
  private readonly map: Y.Map<unknown>;
  private readonly listeners = new Set<(ids: ReadonlySet<string>) => void>();

  constructor(
    private readonly doc: Y.Doc,
    page: string,
  ) {
    this.map = doc.getMap(`page/${page}`);
    // It counts before anything is read.
    this.bulk = new Bulk(this.map);
    this.stopCounting = this.bulk.subscribe(() => undefined);
    this.readAll();
    this.map.observe(this.observe);
  }

  /** The state that is the same on all pages with the same updates. */
  get elements(): ReadonlyMap<string, SceneElement> {
    return this.decoded;
  }

  /** Entries that are no elements in order, or larger than an element can be. */
  get skipped(): number {
    return this.unreadable.size;
  }

  /** Notifies of the elements that others changed, and not of one's own writes. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Writes elements, `null` for those that are deleted: they leave the map. Against a mark that says "deleted" this
   * merges better: an edit made at the same time stays whichever way the two arrive, so nobody's work is lost to
   * a deletion they did not see, and the map does not grow with what is gone. Answers which are no elements that
   * a board can have: they were not written.
   */
  write(changes: ReadonlyMap<string, SceneElement | null>): string[] {
    const refused: string[] = [];
    const entries: Entry[] = [];
    for (const [id, element] of changes) {
      const flat = element && encodeElement(element);
      const decoded = flat && decodeElement(id, flat);
      // Elements that the others would skip are not worth their storage.
      if (element && !decoded) {
        refused.push(id);
        continue;
      }
      if (decoded) this.decoded.set(id, decoded);
      else this.decoded.delete(id);
      entries.push([id, flat]);
    }
    for (const batch of batches(entries))
      this.doc.transact(() => batch.forEach(([id, flat]) => this.writeOne(id, flat)), this);
    return refused;
  }

  destroy(): void {
    this.listeners.clear();
    this.map.unobserve(this.observe);
    this.stopCounting();
  }

  private writeOne(id: string, flat: unknown): void {
    if (flat !== null) this.map.set(id, flat);
    else if (this.map.has(id)) this.map.delete(id);
  }

  private readAll(): void {
    this.complete = !this.bulk.isTooMuch();
    if (!this.complete) return;
    for (const known of [this.decoded, this.unreadable]) known.clear();
    for (const id of this.map.keys()) this.read(id);
  }

  private read(id: string): void {
    const value = this.map.get(id);
    const element = value === undefined ? undefined : decodeElement(id, value);
    if (element) this.decoded.set(id, element);
    else this.decoded.delete(id);
    if (element || value === undefined) this.unreadable.delete(id);
    else this.unreadable.add(id);
  }

  private readonly observe = (event: Y.YMapEvent<unknown>, transaction: Y.Transaction) => {
    if (transaction.origin === this) return;
    let ids = event.keysChanged as ReadonlySet<string>;
    if (this.bulk.isTooMuch()) this.complete = false;
    else if (this.complete) for (const id of ids) this.read(id);
    else {
      ids = new Set([...ids, ...this.decoded.keys(), ...this.map.keys()]);
      this.readAll();
    }
    for (const listener of this.listeners) listener(ids);
  };
}
