/** What this device remembers of a room's chat: drafts, what was read, what others are known to have. */
import { list, number } from "../../shared/json";
import { Arrivals } from "./arrivals";
import { Drafts, thisPage, type Page } from "./drafts";
import { isId, type Id, type Place } from "./records";

/** Seats of which it is remembered how far they were read; the ones read longest ago are dropped. */
const SEATS = 1_000;
/** Replies left unread. */
const LATER = 200;

const keyOf = (room: string) => `covey.chat.${room}`;

/** Of the rooms that are open. */
const open = new Set<Memory>();
/** Rooms that were forgotten while they were open. */
const forgotten = new Set<string>();

interface Kept {
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
  private writing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly room: string,
    page: Page = thisPage(),
  ) {
    const kept = read(room);
    forgotten.delete(room);
    this.begun = kept.begun === true;
    this.below = number(kept.below) ?? 0;
    this.arrivals = new Arrivals(number(kept.top) ?? 0, pairsIn(kept.days));
    this.since = this.begun ? undefined : number(kept.since);
    this.confirmed = number(kept.confirmed) ?? 0;
    this.seen = new Map(pairsIn(kept.seen));
    this.later = new Set(list(kept.later).filter(isId));
    this.agreed = new Set(this.later);
    this.drafts = new Drafts(kept.drafts, page);
    open.add(this);
    addEventListener("pagehide", this.rewrite);
    addEventListener("storage", this.changed);
  }

  /** Writes the last of it. */
  close(): void {
    open.delete(this);
    removeEventListener("pagehide", this.rewrite);
    removeEventListener("storage", this.changed);
    this.flush();
  }

  /** Messages that were there when one came are not new. No clock decides it but, once, for what an earlier version has kept. */
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
    if (this.writing === undefined) return;
    clearTimeout(this.writing);
    this.writing = undefined;
    if (forgotten.has(this.room)) return;
    // Other pages of this device write here, too.
    const before = read(this.room);
    this.learn(before);
    const kept: Kept = {
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
    try {
      localStorage.setItem(keyOf(this.room), JSON.stringify(kept));
    } catch {
      // Storage is closed or full: remembered until the page is left.
    }
  }

  /** Writes all of it, whatever became of what was written before. */
  readonly rewrite = (): void => {
    this.writeSoon();
    this.flush();
  };

  private readonly changed = ({ key, newValue }: StorageEvent): void => {
    if (key === keyOf(this.room) && newValue !== null) this.learn(read(this.room));
  };

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
    this.writing ??= setTimeout(() => this.flush(), 300);
  }
}

/** Writes what is remembered of the rooms that are open, where all that was written was deleted. */
export function rewriteChats(): void {
  for (const memory of open) memory.rewrite();
}

/** When a room is forgotten, so is what was read and drafted there. */
export function forgetChat(room: string): void {
  forgotten.add(room);
  try {
    localStorage.removeItem(keyOf(room));
  } catch {
    // Nothing is kept where storage is closed.
  }
}

function read(room: string): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(room)) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

function pairsIn(kept: unknown): [number, number][] {
  return list(kept).flatMap((pair): [number, number][] => {
    const [first, second] = list(pair);
    return typeof first === "number" && typeof second === "number" ? [[first, second]] : [];
  });
}
