/** The records of one message, folded into the message that is shown. */
import {
  compare,
  idOf,
  type Edit,
  type Id,
  type Placed,
  type React,
  type Removal,
  type Say,
} from "./records";
import { Sorted } from "./sorted";

export interface Reaction {
  emoji: string;
  /** The members who reacted so, in the order in which they did. */
  members: readonly string[];
}

/** A message as it is shown. A changed message is another object. */
export interface Message {
  id: Id;
  member: string;
  client: number;
  clock: number;
  lamport: number;
  at: number;
  text: string;
  edited: boolean;
  removed: boolean;
  re: Id | undefined;
  reactions: readonly Reaction[];
  thread: Thread | undefined;
}

/** The summary of a thread under its first message. */
export interface Thread {
  count: number;
  last: number;
  members: readonly string[];
}

/** Different emoji at one message; what is more is not shown. */
const REACTIONS = 32;
/** Faces beside a thread's count. */
const FACES = 3;

type Latest<R extends Edit | Removal> = Map<string, Placed<R>>;

export class Slot {
  said: Placed<Say> | undefined;
  /** The message as the list of messages or of replies shows it. */
  shown: Message | undefined;
  listed: Sorted<Slot> | undefined;
  private edits: Latest<Edit> | undefined;
  private removals: Latest<Removal> | undefined;
  private reactions: Map<string, Map<string, Placed<React>>> | undefined;
  private answers: Sorted<Slot> | undefined;

  /** The replies to this message that are shown. */
  get replies(): Sorted<Slot> {
    return (this.answers ??= new Sorted(bySaid));
  }

  take(placed: Placed): void {
    const { record } = placed;
    if (record.k === "say") this.said = placed as Placed<Say>;
    else if (record.k === "edit")
      keepLatest((this.edits ??= new Map<string, Placed<Edit>>()), placed as Placed<Edit>);
    else if (record.k === "react") this.takeReaction(placed as Placed<React>);
    else keepLatest((this.removals ??= new Map<string, Placed<Removal>>()), placed as Placed<Removal>);
  }

  private takeReaction(placed: Placed<React>): void {
    this.reactions ??= new Map();
    const { emoji } = placed.record;
    let members = this.reactions.get(emoji);
    if (!members) this.reactions.set(emoji, (members = new Map<string, Placed<React>>()));
    keepLatest(members, placed);
  }

  /** Whether someone else than the author wants it removed, which depends on what they may do. */
  get disputed(): boolean {
    return [...(this.removals?.keys() ?? [])].some((member) => member !== this.said?.member);
  }

  /** A removal counts from the author and from moderators. */
  fold(moderates: (member: string) => boolean): Message | undefined {
    const { said } = this;
    if (!said) return (this.shown = undefined);
    const edit = this.edits?.get(said.member);
    const removed = [...(this.removals?.values() ?? [])].some(
      ({ member, record }) => record.k === "remove" && (member === said.member || moderates(member)),
    );
    return (this.shown = {
      id: idOf(said),
      member: said.member,
      client: said.client,
      clock: said.clock,
      lamport: said.lamport,
      at: said.record.at,
      text: removed ? "" : (edit ?? said).record.text,
      edited: edit !== undefined,
      removed,
      re: said.record.re,
      reactions: removed ? [] : shownReactions(this.reactions),
      thread: this.threadOf(),
    });
  }

  private threadOf(): Thread | undefined {
    const replies = this.answers?.all ?? [];
    const last = replies.at(-1)?.said;
    if (!last) return undefined;
    const members = new Set<string>();
    for (let i = replies.length - 1; i >= 0 && members.size < FACES; i -= 1) {
      const member = replies[i]?.said?.member;
      if (member !== undefined) members.add(member);
    }
    return { count: replies.length, last: last.record.at, members: [...members].reverse() };
  }
}

/** Slots in lists have been said. */
export function bySaid(a: Slot, b: Slot): number {
  return a.said && b.said ? compare(a.said, b.said) : 0;
}

function keepLatest<R extends Edit | Removal | React>(kept: Map<string, Placed<R>>, placed: Placed<R>): void {
  const before = kept.get(placed.member);
  if (!before || compare(before, placed) < 0) kept.set(placed.member, placed);
}

function shownReactions(reactions: Map<string, Map<string, Placed<React>>> | undefined): readonly Reaction[] {
  if (!reactions) return [];
  const standing: { emoji: string; placed: Placed<React>[] }[] = [];
  for (const [emoji, members] of reactions) {
    const placed = [...members.values()].filter(({ record }) => record.on).sort(compare);
    if (placed.length > 0) standing.push({ emoji, placed });
  }
  standing.sort((a, b) => (a.placed[0] && b.placed[0] ? compare(a.placed[0], b.placed[0]) : 0));
  return standing
    .slice(0, REACTIONS)
    .map(({ emoji, placed }) => ({ emoji, members: placed.map(({ member }) => member) }));
}
