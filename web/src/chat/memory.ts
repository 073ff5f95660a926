/** What this device remembers of a room's chat: drafts, what was read, what others are known to have. */
import { Arrivals } from "./arrivals";
import { isId, type Id, type Place } from "./records";

/** Seats of which it is remembered how far they were read; the ones read longest ago are dropped. */
const SEATS = 1_000;
/** Replies left unread, and drafts of threads. */
const LATER = 200;
const DRAFTS = 20;

const keyOf = (room: string) => `covey.chat.${room}`;

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
  private readonly drafts: Map<string, string>;
  private writing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly room: string) {
    const kept = read(room);
    this.begun = kept.begun === true;
    this.below = number(kept.below) ?? 0;
    this.arrivals = new Arrivals(number(kept.top) ?? 0, pairs(kept.days));
    this.since = this.begun ? undefined : number(kept.since);
    this.confirmed = number(kept.confirmed) ?? 0;
    this.seen = new Map(
      pairs(kept.seen).flatMap(([client, clock]) =>
        typeof client === "number" && typeof clock === "number" ? [[client, clock]] : [],
      ),
    );
    this.later = new Set(list(kept.later).filter(isId));
    this.drafts = new Map(
      pairs(kept.drafts).flatMap(([place, text]) =>
        typeof place === "string" && typeof text === "string" ? [[place, text]] : [],
      ),
    );
    addEventListener("pagehide", this.flush);
  }

  /** Writes the last of it. */
  close(): void {
    removeEventListener("pagehide", this.flush);
    this.flush();
  }

  /** What was there when one came is not new. No clock decides it but, once, for what an earlier version has kept. */
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
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= SEATS) break;
      this.seen.delete(oldest);
      this.below = this.arrivals.top;
    }
    this.writeSoon();
  }

  putOff(id: Id): void {
    this.later.add(id);
    for (const oldest of this.later) {
      if (this.later.size <= LATER) break;
      this.later.delete(oldest);
    }
    this.writeSoon();
  }

  confirm(lamport: number): void {
    if (lamport <= this.confirmed) return;
    this.confirmed = lamport;
    this.writeSoon();
  }

  draft(place: string): string {
    return this.drafts.get(place) ?? "";
  }

  setDraft(place: string, text: string): void {
    this.drafts.delete(place);
    if (text !== "") this.drafts.set(place, text);
    for (const oldest of this.drafts.keys()) {
      if (this.drafts.size <= DRAFTS) break;
      this.drafts.delete(oldest);
    }
    this.writeSoon();
  }

  /** Writes what is not written yet. */
  readonly flush = (): void => {
    if (this.writing === undefined) return;
    clearTimeout(this.writing);
    this.writing = undefined;
    const kept: Kept = {
      ...(this.since !== undefined && !this.begun && { since: this.since }),
      begun: this.begun,
      below: this.below,
      top: this.arrivals.top,
      days: this.arrivals.days,
      confirmed: this.confirmed,
      seen: [...this.seen],
      later: [...this.later],
      drafts: [...this.drafts],
    };
    try {
      localStorage.setItem(keyOf(this.room), JSON.stringify(kept));
    } catch {
      // Storage is closed or full: remembered until the page is left.
    }
  };

  private writeSoon(): void {
    this.writing ??= setTimeout(() => this.flush(), 300);
  }
}

/** When a room is forgotten, so is what was read and drafted there. */
export function forgetChat(room: string): void {
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

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function pairs(value: unknown): [unknown, unknown][] {
  return list(value).filter((pair): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2);
}
