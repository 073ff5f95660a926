/** The chat's model: records in, messages in order out. A new record costs nothing of what is there already. */
import { idOf, recordFrom, type ChatRecord, type Id, type Placed } from "./records";
import { bySaid, Slot, type Message } from "./slot";
import { Sorted } from "./sorted";

/** A unit of a member's list of records, with its content. */
export interface Unit {
  member: string;
  client: number;
  clock: number;
  lamport: number;
  value: unknown;
}

/** The effect of some records. */
export interface Taken {
  /** Messages that are new and shown. */
  came: Message[];
  /** Messages that are no longer shown. */
  left: Id[];
}

interface Pending {
  slot: Slot;
  placed: Placed;
}

export class Timeline {
  private readonly slots = new Map<Id, Slot>();
  private readonly main = new Sorted<Slot>(bySaid);
  private readonly disputed = new Set<Slot>();
  private pending: Pending[] = [];
  private moderators: ReadonlySet<string> = new Set();

  /** Messages outside of threads. */
  get length(): number {
    return this.main.length;
  }

  at(index: number): Message | undefined {
    return this.main.at(index)?.shown;
  }

  get(id: Id): Message | undefined {
    return this.slots.get(id)?.shown;
  }

  /** Where a message stands, or, for one that is not in the list, the one before it; -1 when there is none. */
  indexAtOrBefore(id: Id): number {
    const slot = this.slots.get(id);
    if (!slot?.said) return -1;
    const place = this.main.place(slot);
    return this.main.at(place) === slot ? place : place - 1;
  }

  /** The shown replies of a thread, in order. */
  replies(id: Id): Message[] {
    const slots = this.slots.get(id)?.replies.all ?? [];
    return slots.flatMap(({ shown }) => shown ?? []);
  }

  /** The last message of a member, in a thread or outside of all. */
  lastOf(member: string, thread?: Id): Message | undefined {
    const slots = thread === undefined ? this.main : this.slots.get(thread)?.replies;
    for (let i = (slots?.length ?? 0) - 1; i >= 0; i -= 1) {
      const message = slots?.at(i)?.shown;
      if (message?.member === member && !message.removed) return message;
    }
    return undefined;
  }

  /** Whether some records are not in the log yet; their places are asked for again by `settle`. */
  get unsettled(): boolean {
    return this.pending.length > 0;
  }

  take(units: Iterable<Unit>): Taken {
    const touched = new Set<Slot>();
    const said: Slot[] = [];
    for (const { value, ...place } of units) {
      const record = recordFrom(value);
      if (!record) continue;
      const placed = { ...place, record };
      const slot = this.slotFor(placed);
      slot.take(placed);
      touched.add(slot);
      if (record.k === "say") said.push(slot);
      if (place.lamport === Infinity) this.pending.push({ slot, placed });
    }
    const left = this.refresh(touched);
    return { came: said.flatMap((slot) => (slot.shown && this.isShown(slot) ? slot.shown : [])), left };
  }

  /** Listed, and a reply only under a message that is none itself. */
  private isShown({ listed, shown }: Slot): boolean {
    if (listed === undefined || shown === undefined) return false;
    if (shown.re === undefined) return true;
    const first = this.get(shown.re);
    return first !== undefined && first.re === undefined;
  }

  /** Asks again for the places of what was not in the log yet; true when some are known. */
  settle(lamport: (client: number, clock: number) => number): boolean {
    const touched = new Set<Slot>();
    this.pending = this.pending.filter(({ slot, placed }) => {
      const place = lamport(placed.client, placed.clock);
      if (place === Infinity) return true;
      // Found by its old place before it has the new one.
      if (placed === slot.said) unlist(slot);
      placed.lamport = place;
      touched.add(slot);
      return false;
    });
    this.refresh(touched);
    return touched.size > 0;
  }

  /** Sets the members who may remove what others wrote. Returns the messages that are no longer shown for it. */
  setModerators(moderators: ReadonlySet<string>): Id[] {
    this.moderators = moderators;
    return this.refresh(this.disputed);
  }

  private slotFor({ record, ...place }: { record: ChatRecord; client: number; clock: number }): Slot {
    return this.slot(record.k === "say" ? idOf(place) : record.of);
  }

  private slot(id: Id): Slot {
    let slot = this.slots.get(id);
    if (!slot) this.slots.set(id, (slot = new Slot()));
    return slot;
  }

  /** Folds these again. Replies come first, since the first messages of their threads depend on them. */
  private refresh(touched: ReadonlySet<Slot>): Id[] {
    const before = [...touched].filter(({ listed }) => listed !== undefined);
    const firsts = new Set<Slot>();
    for (const slot of touched) {
      const message = this.fold(slot);
      if (message?.re === undefined) {
        firsts.add(slot);
      } else {
        const first = this.slot(message.re);
        list(slot, message.removed ? undefined : first.replies);
        firsts.add(first);
      }
    }
    this.refreshFirsts(firsts);
    return before.flatMap(({ listed, shown }) => (listed === undefined && shown ? shown.id : []));
  }

  private refreshFirsts(firsts: ReadonlySet<Slot>): void {
    const added: Slot[] = [];
    for (const slot of firsts) {
      const message = this.fold(slot);
      if (message?.re !== undefined) continue;
      const shown = message !== undefined && (!message.removed || message.thread !== undefined);
      if (!shown) unlist(slot);
      else if (slot.listed === undefined) added.push(slot);
    }
    this.main.addAll(added);
    for (const slot of added) slot.listed = this.main;
  }

  private fold(slot: Slot): Message | undefined {
    if (slot.disputed) this.disputed.add(slot);
    return slot.fold((member) => this.moderators.has(member));
  }
}

function list(slot: Slot, where: Sorted<Slot> | undefined): void {
  if (slot.listed === where) return;
  unlist(slot);
  where?.add(slot);
  slot.listed = where;
}

function unlist(slot: Slot): void {
  slot.listed?.remove(slot);
  slot.listed = undefined;
}
