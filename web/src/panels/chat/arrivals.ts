/**
 * The days on which places in the order came to this device, by its own clock. A day begins at the first place
 * that was higher than all before, so that later days stand later even if a message comes late.
 */
import { isSameDay } from "./calendar";

/** Days that are remembered; the ones before are forgotten. */
const DAYS = 400;

type Day = readonly [from: number, at: number];

export class Arrivals {
  /** From which place on, and when the first of it came. */
  readonly days: Day[];

  constructor(
    /** The highest place that came. */
    public top: number,
    days: readonly Day[],
  ) {
    this.days = [...days];
  }

  /** Takes in what another page of this device has noted. */
  learn(top: number, days: readonly Day[]): void {
    this.top = Math.max(this.top, top);
    const [last] = this.days.at(-1) ?? [-1];
    this.days.push(...days.filter(([from]) => from > last));
    this.days.splice(0, this.days.length - DAYS);
  }

  /**
   * A message with this place came. Messages from before one's admission have no day. True if the day is new and is to
   * be stored.
   */
  came(place: number, now: number, isNew: boolean): boolean {
    if (place <= this.top) return false;
    this.top = place;
    const last = this.days.at(-1);
    if (isNew && (last === undefined || (last[1] < now && !isSameDay(last[1], now)))) {
      this.days.push([place, now]);
      this.days.splice(0, this.days.length - DAYS);
    }
    return true;
  }

  /** When something of the day that this place belongs to came; nothing for what was there before. */
  of(place: number): number | undefined {
    if (place > this.top) return undefined;
    return this.days.findLast(([from]) => from <= place)?.[1];
  }
}
