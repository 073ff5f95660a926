/** What this device remembers of a room's chat: drafts, what was read, what others are known to have. */
import { list, number } from "../lib/json";
import { Drafts, thisPage, type Page } from "./drafts";
import { isId, type Id } from "./records";

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
  since?: unknown;
  confirmed?: unknown;
  seen?: unknown;
  later?: unknown;
  drafts?: unknown;
}

export class Memory {
  /** What was written before this moment is nothing new to this device. */
  since: number;
  /** Others have one's own messages up to this place in the order. */
  confirmed: number;
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
    this.since = number(kept.since) ?? Date.now();
    this.confirmed = number(kept.confirmed) ?? 0;
    this.seen = new Map(seenIn(kept));
    this.later = new Set(list(kept.later).filter(isId));
    this.agreed = new Set(this.later);
    this.drafts = new Drafts(kept.drafts, page);
    open.add(this);
    addEventListener("pagehide", this.rewrite);
    addEventListener("storage", this.changed);
    if (kept.since === undefined) this.writeSoon();
  }

  /** Writes the last of it. */
  close(): void {
    open.delete(this);
    removeEventListener("pagehide", this.rewrite);
    removeEventListener("storage", this.changed);
    this.flush();
  }

  hasSeen({ id, client, clock, at }: { id: Id; client: number; clock: number; at: number }): boolean {
    if (this.later.has(id)) return false;
    return at < this.since || clock <= (this.seen.get(client) ?? -1);
  }

  /** All of a seat's messages up to this one were seen, but for replies that wait for their thread to be opened. */
  see({ id, client, clock }: { id: Id; client: number; clock: number }): void {
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
      since: this.since,
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
    this.since = Math.max(this.since, number(kept.since) ?? 0);
    this.confirmed = Math.max(this.confirmed, number(kept.confirmed) ?? 0);
    for (const [client, clock] of seenIn(kept)) {
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
      this.since = Date.now();
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

function seenIn(kept: Kept): [client: number, clock: number][] {
  return list(kept.seen).flatMap((pair): [number, number][] => {
    const [client, clock] = list(pair);
    return typeof client === "number" && typeof clock === "number" ? [[client, clock]] : [];
  });
}
