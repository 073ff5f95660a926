/** What passes in the chat: who is typing, and how far each of those here has read. */
import type { DocView, Room } from "../../engine";
import { isId, type Id } from "./records";
import { Signal } from "./signal";

/** How long after the last key one no longer counts as typing. */
const TYPING_LASTS = 4_000;
/** The longest id. */
const ID_BYTES = 32;

const TYPING = new Uint8Array([1]);
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export class Live {
  readonly changed = new Signal();
  /** Members who are typing, oneself left out. */
  typing: readonly string[] = [];
  /** The messages that other members have read up to. */
  marks: readonly [member: string, id: Id][] = [];
  private view: DocView | undefined;
  private readonly stop = new AbortController();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private read: Id | undefined;

  constructor(private readonly room: Room) {}

  open(view: DocView): void {
    this.view = view;
    view.addEventListener("said", () => this.heard(), { signal: this.stop.signal });
    this.heard();
  }

  /** One has pressed a key in a field, or emptied it. */
  typed(something: boolean): void {
    const before = this.quiet;
    clearTimeout(before);
    this.quiet = something ? setTimeout(() => this.typed(false), TYPING_LASTS) : undefined;
    if (something !== (before !== undefined)) this.say("typing", something ? TYPING : null);
  }

  readUpTo(id: Id): void {
    if (this.read === id) return;
    this.read = id;
    this.say("read", encoder.encode(id));
  }

  /** A client id's person may be known only after what they said. */
  peopleChanged(): void {
    this.heard();
  }

  close(): void {
    clearTimeout(this.quiet);
    this.stop.abort();
    this.view = undefined;
  }

  /**
   * Later, since what is said may bring the others' updates at once, and this may be called by the document, in the
   * middle of one: Yjs then takes the later update for a part of the earlier one, and its events miss what is new.
   */
  private say(topic: string, value: Uint8Array | null): void {
    queueMicrotask(() => this.view?.say(topic, value));
  }

  private heard(): void {
    const { room, view } = this;
    if (!view) return;
    const self = room.people.find((person) => person.self)?.id;
    const others = (said: ReadonlyMap<number, Uint8Array>) =>
      [...said].flatMap(([client, value]) => {
        const member = room.author(client);
        return member === undefined || member === self ? [] : [[member, value] as const];
      });
    const typing = others(view.said("typing")).filter(([, value]) => value.length === 1 && value[0] === 1);
    this.typing = [...new Set(typing.map(([member]) => member))];
    this.marks = others(view.said("read")).flatMap(([member, value]) => {
      const id = idFrom(value);
      return id === undefined ? [] : [[member, id]];
    });
    this.changed.emit();
  }
}

function idFrom(value: Uint8Array): Id | undefined {
  if (value.length > ID_BYTES) return undefined;
  try {
    const id = decoder.decode(value);
    return isId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
