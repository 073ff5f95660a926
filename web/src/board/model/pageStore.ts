/** The elements of one page as the shared document has them, decoded. */
import type * as Y from "yjs";
import { decodeElement, encodeElement } from "../codec/codec";
import type { SceneElement } from "../codec/element";

/** Elements shown of one page; a drawing of many hours has some thousand. */
export const ELEMENTS = 20_000;

export class PageStore {
  private readonly decoded = new Map<string, SceneElement>();
  private readonly unreadable = new Set<string>();
  private readonly map: Y.Map<unknown>;
  private readonly listeners = new Set<(ids: ReadonlySet<string>) => void>();

  constructor(
    private readonly doc: Y.Doc,
    page: string,
  ) {
    this.map = doc.getMap(`page/${page}`);
    for (const id of this.map.keys()) this.read(id);
    this.map.observe(this.observe);
  }

  /** What everyone who has the same updates has too. */
  get elements(): ReadonlyMap<string, SceneElement> {
    return this.decoded;
  }

  /** Entries that are no elements in order. */
  get skipped(): number {
    return this.unreadable.size;
  }

  /** Tells which elements others changed. One's own writes are not told. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Writes elements, `null` for those that are deleted: they leave the map. Against a mark that says "deleted" this
   * merges better: an edit made at the same time stays whichever way the two arrive, so nobody's work is lost to
   * a deletion they did not see, and the map does not grow with what is gone.
   */
  write(changes: ReadonlyMap<string, SceneElement | null>): void {
    this.doc.transact(() => {
      for (const [id, element] of changes) this.writeOne(id, element);
    }, this);
  }

  destroy(): void {
    this.listeners.clear();
    this.map.unobserve(this.observe);
  }

  private writeOne(id: string, element: SceneElement | null): void {
    if (element === null) {
      if (this.map.has(id)) this.map.delete(id);
      this.decoded.delete(id);
      return;
    }
    const flat = encodeElement(element);
    const decoded = decodeElement(id, flat);
    // What the others would skip is not worth their storage.
    if (!flat || !decoded) return;
    this.map.set(id, flat);
    this.decoded.set(id, decoded);
  }

  private read(id: string): void {
    const value = this.map.get(id);
    const known = this.decoded.has(id) || this.decoded.size < ELEMENTS;
    const element = value === undefined || !known ? undefined : decodeElement(id, value);
    if (element) this.decoded.set(id, element);
    else this.decoded.delete(id);
    if (element || value === undefined) this.unreadable.delete(id);
    else this.unreadable.add(id);
  }

  private readonly observe = (event: Y.YMapEvent<unknown>, transaction: Y.Transaction) => {
    if (transaction.origin === this) return;
    const ids = event.keysChanged as ReadonlySet<string>;
    for (const id of ids) this.read(id);
    for (const listener of this.listeners) listener(ids);
  };
}
