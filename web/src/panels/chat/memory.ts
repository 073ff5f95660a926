/** This device's memory of a room's chat: drafts, what was read, what others are known to have. */
import { list, number } from "../../shared/json";
import { RoomMemory } from "../../shared/roomMemory";
import { Arrivals } from "./arrivals";
import { Drafts, thisPage, type Page } from "./drafts";
import { isId, type Id, type Place } from "./records";

/** Seats of which it is remembered how far they were read; the ones read longest ago are dropped. */
const SEATS = 1_000;
/** Replies left unread. */
const LATER = 200;

interface Kept extends Record<string, unknown> {
  /** Of earlier versions: what says that it was written before this moment was nothing new. */
  since?: unknown;
  begun?: unknown;
  below?: unknown;
  top?: unknown;
  days?: unknown;
  confirmed?: unknown;
  seen?: unknown;
  later?: unknown;
  drafts?: unknown;
}

export class Memory {
  /** Whether what was there before one came is all here: what comes from now on is new. */
  begun: boolean;
  /** Everything up to this place in the order was seen. */
  private below: number;
  /** When what came last came. */
  readonly arrivals: Arrivals;
  /** Others have one's own messages up to this place in the order. */
  confirmed: number;
  private readonly since: number | undefined;
  private readonly seen: Map<number, number>;
  private readonly later: Set<Id>;
  /** The replies left unread as this page and the others of this device agreed on them last. */
  private agreed: ReadonlySet<Id>;
  private readonly drafts: Drafts;
  private readonly device: RoomMemory;

  constructor(room: string, page: Page = thisPage()) {
    this.device = new RoomMemory("chat", room, {
      current: (before) => this.merged(before),
      changed: (kept: Kept) => {
        this.learn(kept);
        if (this.drafts.isOutdated(kept.drafts)) this.writeSoon();
      },
    });
    const kept: Kept = this.device.read();
    this.begun = kept.begun === true;
    this.below = number(kept.below) ?? 0;
    this.arrivals = new Arrivals(number(kept.top) ?? 0, pairsIn(kept.days));
    this.since = this.begun ? undefined : number(kept.since);
    this.confirmed = number(kept.confirmed) ?? 0;
    this.seen = new Map(pairsIn(kept.seen));
    this.later = new Set(list(kept.later).filter(isId));
    this.agreed = new Set(this.later);
    this.drafts = new Drafts(kept.drafts, page);
  }

  /** Writes the last of it. */
  close(): void {
    this.device.close();
  }

  /**
   * Messages that were there when one came are not new. No clock decides it but, once, for what an earlier version has
   * kept.
   */
  hasSeen({ id, client, clock, lamport, at }: Place & { id: Id; at: number }): boolean {
    if (this.later.has(id)) return false;
    if (lamport <= this.below || clock <= (this.seen.get(client) ?? -1)) return true;
    return !this.begun && (this.since === undefined || at < this.since);
  }

  /** A message came. */
  came({ lamport }: Place): void {
    if (lamport !== Infinity && this.arrivals.came(lamport, Date.now(), this.begun)) this.writeSoon();
  }

  /** From now on what comes is new. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.writeSoon();
  }

  /** All of a seat's messages up to this one were seen, but for replies that wait for their thread to be opened. */
  see({ id, client, clock }: Place & { id: Id }): void {
    const before = this.seen.get(client) ?? -1;
    this.seen.delete(client);
    this.seen.set(client, Math.max(before, clock));
    this.later.delete(id);
    this.trim();
    this.writeSoon();
  }

  putOff(id: Id): void {
    this.later.add(id);
    this.trim();
    this.writeSoon();
  }

  confirm(lamport: number): void {
    if (lamport <= this.confirmed) return;
    this.confirmed = lamport;
    this.writeSoon();
  }

  draft(place: string): string {
    return this.drafts.at(place);
  }

  setDraft(place: string, text: string): void {
    this.drafts.set(place, text);
    this.writeSoon();
  }

  /** Writes what is not written yet. */
  flush(): void {
    this.device.flush();
  }

  /** The value to store over the current one, which other pages of this device may have written. */
  private merged(before: Kept): Kept {
    this.learn(before);
    return {
      ...(this.since !== undefined && !this.begun && { since: this.since }),
      begun: this.begun || before.begun === true,
      below: this.below,
      top: this.arrivals.top,
      days: this.arrivals.days,
      confirmed: this.confirmed,
      seen: [...this.seen],
      later: [...this.later],
      drafts: this.drafts.merged(before.drafts),
    };
  }

  /** Takes in what other pages of this device have read. */
  private learn(kept: Kept): void {
    this.below = Math.max(this.below, number(kept.below) ?? 0);
    this.arrivals.learn(number(kept.top) ?? 0, pairsIn(kept.days));
    this.confirmed = Math.max(this.confirmed, number(kept.confirmed) ?? 0);
    for (const [client, clock] of pairsIn(kept.seen)) {
      if (clock > (this.seen.get(client) ?? -1)) this.seen.set(client, clock);
    }
    if (kept.later !== undefined) {
      const theirs = new Set(list(kept.later).filter(isId));
      for (const id of this.agreed) if (!theirs.has(id)) this.later.delete(id);
      for (const id of theirs) if (!this.agreed.has(id)) this.later.add(id);
    }
    this.trim();
    this.agreed = new Set(this.later);
  }

  private trim(): void {
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= SEATS) break;
      this.seen.delete(oldest);
      this.below = this.arrivals.top;
    }
    for (const oldest of this.later) {
      if (this.later.size <= LATER) break;
      this.later.delete(oldest);
    }
  }

  private writeSoon(): void {
    this.device.writeSoon();
  }
}

function pairsIn(kept: unknown): [number, number][] {
  return list(kept).flatMap((pair): [number, number][] => {
    const [first, second] = list(pair);
    return typeof first === "number" && typeof second === "number" ? [[first, second]] : [];
  });
}
