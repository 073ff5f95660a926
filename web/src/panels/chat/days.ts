/**
 * The day of each message of a list. The author's clock counts as long as it fits the order;
 * where it does not, the day counts on which the message came to this device.
 */
import type { Arrivals } from "./arrivals";
import { dayNumberOf } from "./calendar";
import type { Feed } from "./MessageList";
import type { Message } from "./slot";

type Dated = Pick<Message, "id" | "member" | "lamport" | "at">;

/** How far ahead somebody else's next message is looked for. */
const AHEAD = 20;

export class Days {
  private dated: Dated[] = [];
  private moments: number[] = [];

  constructor(private readonly arrivals: Pick<Arrivals, "of">) {}

  /** A moment of its day for each message: the same as before for all that stand before what changed. */
  of(feed: Pick<Feed, "at" | "length">, now = Date.now()): readonly number[] {
    const dated = Array.from({ length: feed.length }, (_, i) => feed.at(i)).filter(
      (each) => each !== undefined,
    );
    const changed = dated.findIndex((each, i) => !isSame(each, this.dated[i]));
    const from = Math.max(0, (changed < 0 ? Math.min(dated.length, this.dated.length) : changed) - AHEAD);
    this.dated = dated;
    this.moments = this.moments.slice(0, from);
    for (let i = from; i < dated.length; i += 1) this.moments.push(this.moment(i, now));
    return this.moments;
  }

  private moment(index: number, now: number): number {
    const message = this.dated[index];
    if (!message) return now;
    const { at, lamport } = message;
    const before = this.moments[index - 1];
    const came = this.arrivals.of(lamport);
    const fits =
      (before === undefined || dayNumberOf(at) >= dayNumberOf(before)) &&
      !this.isAhead(index, before, came, now);
    if (fits) return at;
    return Math.max(before ?? 0, came ?? before ?? Math.min(at, now));
  }

  /** Whether its author's clock was ahead: what follows it, or its own arrival, was earlier. */
  private isAhead(index: number, before: number | undefined, came: number | undefined, now: number): boolean {
    const message = this.dated[index];
    if (!message) return false;
    const day = dayNumberOf(message.at);
    if (day > dayNumberOf(now)) return true;
    if (came !== undefined && day <= dayNumberOf(came)) return false;
    const next = this.dated
      .slice(index + 1, index + 1 + AHEAD)
      .find(({ member }) => member !== message.member);
    if (!next) return came !== undefined;
    // Not where it is the next one's clock that is behind.
    return before !== undefined && dayNumberOf(next.at) >= dayNumberOf(before) && dayNumberOf(next.at) < day;
  }
}

function isSame(a: Dated, b: Dated | undefined): boolean {
  return a.id === b?.id && a.at === b.at && a.lamport === b.lamport;
}
