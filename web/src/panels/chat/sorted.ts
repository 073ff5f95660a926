/** A list kept in order: what comes last is put at its end without a walk over the rest. */

/** From this many on, sorting the whole list anew is cheaper than finding each its place. */
const MANY = 32;

export class Sorted<T> {
  private items: T[] = [];

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get length(): number {
    return this.items.length;
  }

  at(index: number): T | undefined {
    return this.items[index];
  }

  get all(): readonly T[] {
    return this.items;
  }

  addAll(added: T[]): void {
    if (added.length < MANY) {
      for (const item of added) this.add(item);
      return;
    }
    this.items = [...this.items, ...added].sort(this.compare);
  }

  add(item: T): void {
    const last = this.items.at(-1);
    if (last === undefined || this.compare(last, item) < 0) this.items.push(item);
    else this.items.splice(this.place(item), 0, item);
  }

  remove(item: T): void {
    const index = this.indexOf(item);
    if (index >= 0) this.items.splice(index, 1);
  }

  /** The item's index, or -1. */
  indexOf(item: T): number {
    const index = this.place(item);
    return this.items[index] === item ? index : -1;
  }

  /** How many items come before this one, whether it is in the list or not. */
  place(item: T): number {
    let from = 0;
    let to = this.items.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const there = this.items[middle];
      if (there !== undefined && this.compare(there, item) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
