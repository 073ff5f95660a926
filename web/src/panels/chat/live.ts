/** The live values of the chat: who is typing, and how far each person here has read. */
import type { DocView } from "../../engine";
import { onLiveValue, liveValues } from "../../session/liveValues";
import type { RoomSession } from "../../session/session";
import { isId, type Id } from "./records";
import { Signal } from "./signal";

/** How long after the last key one no longer counts as typing. */
const TYPING_LASTS = 4_000;
/** The longest id. */
const ID_BYTES = 32;

/** The live topics. */
const [TYPING, READ] = ["typing", "read"];
const YES = new Uint8Array([1]);
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export class Live {
  readonly changed = new Signal();
  /** Members who are typing, oneself left out. */
  typing: readonly string[] = [];
  /** The messages that other members have read up to. */
  marks: readonly [member: string, id: Id][] = [];
  private view: DocView | undefined;
  private unwatch: (() => void) | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private read: Id | undefined;

  constructor(private readonly session: RoomSession) {}

  open(view: DocView): void {
    this.view = view;
    // A client id's person may be known only after what they said.
    this.unwatch = onLiveValue(this.session, view, [TYPING, READ], () => this.heard());
    this.heard();
  }

  /** One has pressed a key in a field, or emptied it. */
  typed(something: boolean): void {
    const before = this.quiet;
    clearTimeout(before);
    this.quiet = something ? setTimeout(() => this.typed(false), TYPING_LASTS) : undefined;
    if (something !== (before !== undefined)) this.say(TYPING, something ? YES : null);
  }

  readUpTo(id: Id): void {
    if (this.read === id) return;
    this.read = id;
    this.say(READ, encoder.encode(id));
  }

  close(): void {
    clearTimeout(this.quiet);
    this.unwatch?.();
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
    const { session, view } = this;
    if (!view) return;
    const others = <T>(topic: string, decode: (value: Uint8Array) => T | undefined) =>
      liveValues(session, view, topic, decode).filter(({ person }) => !person.self);
    this.typing = [...new Set(others(TYPING, flagFrom).map(({ person }) => person.id))];
    this.marks = others(READ, idFrom).map(({ person, value }) => [person.id, value]);
    this.changed.emit();
  }
}

function flagFrom(value: Uint8Array): true | undefined {
  return value.length === 1 && value[0] === 1 ? true : undefined;
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
