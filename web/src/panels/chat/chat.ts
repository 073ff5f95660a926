/** One room's chat on this page: its messages, what is unread, and what one does in it. */
import { createStore } from "zustand";
import type { DocView, Status } from "../../engine";
import { perRoom, type RoomSession } from "../../session/session";
import { sentence } from "../../shared/sentences";
import { Live } from "./live";
import { Memory } from "./memory";
import type { ChatRecord, Id } from "./records";
import { Reading } from "./reading";
import { Signal } from "./signal";
import type { Message } from "./slot";
import { follow, rootOf } from "./source";
import { Timeline, type Taken } from "./timeline";

/** How long to wait before asking again whether something is in the log. */
const SETTLE_EVERY = 100;

interface Place {
  /** The first message of the thread on show. */
  thread: Id | undefined;
  /** The message being edited. */
  editing: Id | undefined;
}

export class Chat {
  timeline = new Timeline();
  readonly memory: Memory;
  readonly reading: Reading;
  readonly live: Live;
  /** Anything of the messages changed. */
  readonly changed = new Signal();
  /** Messages that came, outside and inside of threads. */
  readonly came = new Signal<readonly Message[]>();
  /** Where the person is in it, which outlasts a hidden panel. */
  readonly place = createStore<Place>()(() => ({ thread: undefined, editing: undefined }));
  /** Long messages that are shown whole. */
  readonly whole = new Set<Id>();
  ready = false;
  problem: string | undefined;
  private view: DocView | undefined;
  private readonly unwatch: () => void;
  private unfollow: (() => void) | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private rebuilding = false;
  private closed = false;

  constructor(private readonly session: RoomSession) {
    const { room, state } = session;
    this.memory = new Memory(room.id);
    this.reading = new Reading(this.memory);
    this.live = new Live(session);
    this.unwatch = state.subscribe(({ people, status }, before) => {
      if (people !== before.people) this.peopleChanged();
      if (status !== before.status) this.statusChanged();
    });
    room.doc("chat").then(
      (view) => this.open(view),
      (error: unknown) => {
        this.problem = sentence(error);
        this.changed.emit();
      },
    );
  }

  /** One's own member id. */
  get self(): string | undefined {
    return this.session.self;
  }

  private get status(): Status {
    return this.session.state.getState().status;
  }

  /** Removes what others wrote, too. */
  get moderates(): boolean {
    const { role } = this.session.state.getState().rights;
    return role === "moderator" || role === "owner";
  }

  /** False when nothing could be said, because one has no place in the room yet. */
  say(text: string, re?: Id): boolean {
    const at = Date.now();
    this.live.typed(false);
    this.reading.unmark();
    return this.write(re === undefined ? { k: "say", text, at } : { k: "say", text, at, re });
  }

  edit(of: Id, text: string): void {
    this.live.typed(false);
    if (this.timeline.get(of)?.text !== text) this.write({ k: "edit", of, text, at: Date.now() });
  }

  remove(of: Id): void {
    this.write({ k: "remove", of, at: Date.now() });
  }

  restore(of: Id): void {
    this.write({ k: "restore", of, at: Date.now() });
  }

  /** Reacts with an emoji, or takes that back. */
  react(of: Id, emoji: string): void {
    const { self } = this;
    const reactions = this.timeline.get(of)?.reactions;
    const before = reactions?.find((reaction) => reaction.emoji === emoji);
    const on = self === undefined || before?.members.includes(self) !== true;
    this.write({ k: "react", of, emoji, on });
  }

  /** Whether the end of the list is before the person's eyes. */
  attend(attentive: boolean): void {
    this.reading.attentive = attentive;
    if (attentive) this.read();
  }

  /** Whether a message is one's own and nobody else's device has it yet. */
  isWaiting(message: Message): boolean {
    return message.member === this.self && this.status.waiting > 0 && message.lamport > this.memory.confirmed;
  }

  private write(record: ChatRecord): boolean {
    const { self, view } = this;
    if (self === undefined || !view) return false;
    view.doc.getArray<ChatRecord>(rootOf(self)).push([record]);
    return true;
  }

  private read(): void {
    this.reading.readList();
    const last = this.timeline.at(this.timeline.length - 1);
    if (last) this.live.readUpTo(last.id);
  }

  private open(view: DocView): void {
    if (this.closed) return;
    this.view = view;
    this.live.open(view);
    view.on("rejected", () => this.rebuild());
    this.rebuild();
  }

  /** Reads the document from its start. */
  private rebuild(): void {
    const { view } = this;
    if (!view) return;
    this.leave();
    this.timeline = new Timeline();
    this.timeline.setModerators(this.moderators());
    this.reading.restart();
    this.ready = true;
    const { doc } = view;
    const unfollow = follow(doc, (client, clock) => view.lamport(client, clock), {
      added: (units) => {
        this.took(this.timeline.take(units));
      },
      deleted: () => this.rebuildSoon(),
    });
    doc.on("afterTransaction", this.beginWhenLevel);
    this.unfollow = () => {
      unfollow();
      doc.off("afterTransaction", this.beginWhenLevel);
    };
    this.beginWhenLevel();
    this.changed.emit();
  }

  /** The member who admits hands over the earlier messages. New messages begin behind the last of them. */
  private readonly beginWhenLevel = (): void => {
    if (this.view && this.status.admitted && !this.view.behind) this.memory.begin();
  };

  /** Somebody may delete again and again, and each time costs a walk over everything. */
  private rebuildSoon(): void {
    if (this.rebuilding) return;
    this.rebuilding = true;
    setTimeout(() => {
      this.rebuilding = false;
      if (this.view) this.rebuild();
    }, SETTLE_EVERY);
  }

  private took({ came, left }: Taken): void {
    this.reading.came(came, this.self);
    this.reading.left(left);
    if (this.reading.attentive) this.read();
    this.changed.emit();
    if (came.length > 0) this.came.emit(came);
    this.settleSoon();
  }

  /** One's own records are in the log a moment after they are in the document. */
  private settleSoon(): void {
    if (!this.timeline.unsettled || this.settling !== undefined) return;
    this.settling = setTimeout(() => {
      this.settling = undefined;
      this.settle();
      this.settleSoon();
    }, SETTLE_EVERY);
  }

  private settle(): void {
    const { timeline, view } = this;
    if (view && timeline.unsettled && timeline.settle((client, clock) => view.lamport(client, clock))) {
      this.changed.emit();
    }
  }

  private moderators(): ReadonlySet<string> {
    const { people } = this.session;
    return new Set(people.filter(({ role }) => role === "moderator" || role === "owner").map(({ id }) => id));
  }

  private peopleChanged(): void {
    this.reading.left(this.timeline.setModerators(this.moderators()));
    this.changed.emit();
  }

  private statusChanged(): void {
    this.settle();
    this.beginWhenLevel();
    if (this.status.waiting === 0) this.confirmOwn();
    this.changed.emit();
  }

  /** Others have all that one wrote until here. */
  private confirmOwn(): void {
    const last = this.self === undefined ? undefined : this.timeline.lastOf(this.self);
    if (last && last.lamport !== Infinity) this.memory.confirm(last.lamport);
  }

  private leave(): void {
    this.unfollow?.();
    this.unfollow = undefined;
  }

  /** The room is left. */
  close(): void {
    this.leave();
    this.unwatch();
    clearTimeout(this.settling);
    this.live.close();
    this.memory.close();
    this.view = undefined;
    this.closed = true;
  }
}

/** The one chat of a room. */
export const roomChat = perRoom(
  (session) => new Chat(session),
  (chat) => chat.close(),
);
