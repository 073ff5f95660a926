/** The messages that are new to this person, and where the first of them stands. */
import type { Memory } from "./memory";
import { compare, type Id } from "./records";
import { Signal } from "./signal";
import type { Message } from "./slot";

export class Reading {
  readonly changed = new Signal();
  /** The end of the list is before the person's eyes: what comes is read at once. */
  attentive = false;
  /** The first message that was new when there last was something new. */
  first: Message | undefined;
  private readonly messages = new Map<Id, Message>();
  private readonly replies = new Map<Id, Message>();

  constructor(private readonly memory: Memory) {}

  /** How many messages are new, replies in threads included. */
  get count(): number {
    return this.messages.size + this.replies.size;
  }

  /** New messages outside of threads. */
  get inList(): number {
    return this.messages.size;
  }

  /** A thread with new replies: the one that waits longest. */
  get thread(): Id | undefined {
    for (const { re } of this.replies.values()) return re;
    return undefined;
  }

  /** New replies to a message. */
  inThread(first: Id): number {
    let count = 0;
    for (const { re } of this.replies.values()) if (re === first) count += 1;
    return count;
  }

  came(messages: readonly Message[], self: string | undefined): void {
    for (const message of messages) {
      this.memory.came(message);
      if (message.member === self) continue;
      if (this.memory.hasSeen(message)) {
        if (!this.memory.begun) this.memory.see(message);
        continue;
      }
      if (message.re !== undefined) this.putOff(message);
      else if (this.attentive) this.memory.see(message);
      else this.note(message);
    }
    this.changed.emit();
  }

  /** Messages that are no longer shown. */
  left(ids: readonly Id[]): void {
    const before = this.count;
    for (const id of ids) {
      this.messages.delete(id);
      this.replies.delete(id);
    }
    if (this.count !== before) this.changed.emit();
  }

  /** Everything outside of threads was seen. */
  readList(): void {
    if (this.messages.size === 0) return;
    for (const message of this.messages.values()) this.memory.see(message);
    this.messages.clear();
    this.changed.emit();
  }

  readThread(first: Id): void {
    const read = [...this.replies.values()].filter(({ re }) => re === first);
    for (const message of read) {
      this.memory.see(message);
      this.replies.delete(message.id);
    }
    if (read.length > 0) this.changed.emit();
  }

  /** The mark at what was new is taken away. */
  unmark(): void {
    if (this.messages.size > 0 || !this.first) return;
    this.first = undefined;
    this.changed.emit();
  }

  /** Before everything is read anew. */
  restart(): void {
    this.messages.clear();
    this.replies.clear();
    this.first = undefined;
  }

  private note(message: Message): void {
    if (this.messages.size === 0 || !this.first || compare(message, this.first) < 0) this.first = message;
    this.messages.set(message.id, message);
  }

  private putOff(message: Message): void {
    this.replies.set(message.id, message);
    this.memory.putOff(message.id);
  }
}
