/** How much there is on a page, computed from the stored values without decoding them. It is the same on every page. */
import type * as Y from "yjs";
import { isPlain } from "../codec/checks";
import { ELEMENTS, INK, LETTERS, POINTS, WORD } from "../codec/limits";
import { numbersIn } from "../codec/numbers";
import { inkIn } from "./ink";
import { isEqual } from "./merge";

export interface Amount {
  entries: number;
  points: number;
  letters: number;
  /** How far a pen goes for it; more for what is dense. */
  ink: number;
}

const NOTHING: Amount = { entries: 0, points: 0, letters: 0, ink: 0 };

/** Of one entry of a page's map; entries that are no elements count like any other, since each is looked at. */
export function amountOf(value: unknown): Amount {
  const amount = { ...NOTHING, entries: 1 };
  if (!isPlain(value)) return amount;
  for (const field of Object.values(value)) {
    if (typeof field === "string") amount.letters += Math.max(0, field.length - WORD);
    // Pressures are no points, but as many.
    else if (field instanceof Uint8Array) amount.points += numbersIn(field) / 2;
  }
  if (value.points instanceof Uint8Array) amount.ink = inkIn(value.points);
  return amount;
}

/** More than is drawn: such a page is shown as a list. */
export function isTooMuch({ entries, points, letters, ink }: Amount): boolean {
  return entries > ELEMENTS || points > POINTS || letters > LETTERS || ink > INK;
}

export class Bulk {
  private readonly amounts = new Map<string, Amount>();
  private sum: Amount = NOTHING;

  constructor(private readonly map: Y.Map<unknown>) {
    this.countAll();
  }

  readonly isTooMuch = (): boolean => isTooMuch(this.sum);

  /** The same object until something changes. */
  readonly total = (): Amount => this.sum;

  /** Whether it would be with this much more. */
  wouldBeTooMuch(amounts: Iterable<Amount>): boolean {
    let sum = this.sum;
    for (const amount of amounts) sum = added(sum, amount);
    return isTooMuch(sum);
  }

  /** Counts for as long as there is a listener. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const observe = (event: Y.YMapEvent<unknown>) => {
      for (const id of event.keysChanged as ReadonlySet<string>) this.count(id);
      listener();
    };
    this.countAll();
    this.map.observe(observe);
    return () => this.map.unobserve(observe);
  };

  private countAll(): void {
    const before = this.sum;
    this.sum = NOTHING;
    this.amounts.clear();
    for (const id of this.map.keys()) this.count(id);
    if (isEqual(before, this.sum)) this.sum = before;
  }

  private count(id: string): void {
    const before = this.amounts.get(id);
    if (before) this.sum = added(this.sum, before, -1);
    if (this.map.has(id)) {
      const amount = amountOf(this.map.get(id));
      this.amounts.set(id, amount);
      this.sum = added(this.sum, amount);
    } else this.amounts.delete(id);
  }
}

function added(a: Amount, b: Amount, times = 1): Amount {
  return {
    entries: a.entries + times * b.entries,
    points: a.points + times * b.points,
    letters: a.letters + times * b.letters,
    ink: a.ink + times * b.ink,
  };
}
