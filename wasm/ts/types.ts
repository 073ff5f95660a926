/** Covey as a page sees it. Every error is a `CoveyError`, whose codes are in `errors.ts`. */
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { Call } from "./call/types.js";
import type { AnyCoveyError } from "./errors.js";

/** The roles of members. Each may do what the one before may. */
export type Role = "replica" | "viewer" | "participant" | "moderator" | "owner";

/** How a person is reached right now. */
export type Path = "direct" | "relayed" | "offline";

export interface StoredRoom {
  /** Room id, 64 hexadecimal digits. */
  id: string;
  title: string;
  role: Role;
  /** Milliseconds since the Unix epoch. */
  openedAt: number;
  /** One's own name in it. */
  name?: string;
}

/** A link's content, read before it is used. */
export interface LinkInfo {
  room: string;
  title: string;
  role: Role;
  /** Milliseconds since the Unix epoch; absent when it does not expire. */
  expires?: number;
  /** May be narrowed and passed on. */
  passOn: boolean;
  /** Addresses of nodes; empty means the page's origin. */
  nodes: string[];
}

/** Tells of events, each with a value: `undefined` for those that say nothing more. */
export interface Emits<Events> {
  /** Adds a listener and returns the function that removes it. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
}

/** A part of a room that a link opens for writing, or not. `custom` is all documents `custom/<name>`. */
export type Tool = "chat" | "board" | "code" | "custom" | "call" | "screen";

export interface Terms {
  role: Role;
  /** The parts that its holder may write in; absent means everything there is and will be. */
  tools?: readonly Tool[];
  expires?: number;
  /** How many people may use it; absent means any number. */
  uses?: number;
  /** Default true. */
  passOn?: boolean;
}

export interface Person {
  /** Member id, 64 hexadecimal digits: the same person on all devices and page loads. */
  id: string;
  name: string;
  /** CSS colour, e.g. `#0f766e`. */
  color: string;
  role: Role;
  self: boolean;
  path: Path;
}

export interface Status {
  /** The node that introduces people. */
  node: "connecting" | "up";
  /** `offline` when nobody is connected and no node is reached; `alone` when a node is. */
  reach: "direct" | "relayed" | "alone" | "offline";
  /** Own edits that no other installation has acknowledged. */
  waiting: number;
  /** Own edits that the disk does not have yet. */
  unsaved: number;
  /** Whether this member has been admitted; until then one reads, and edits wait. */
  admitted: boolean;
  /** True once the first content (from disk or a peer) is there. */
  loaded: boolean;
}

export interface RoomStats {
  entries: number;
  seats: number;
  /** Count of refused things by reason, e.g. `{ "role": 3, "guard": 1 }`. */
  refused: Record<string, number>;
  /** Hexadecimal BLAKE3 digest of each document's canonical content. */
  digests: Record<string, string>;
}

export interface DocEvents {
  /** An own update was refused: the `doc` of before is dead, and there is another one. */
  rejected: undefined;
  /** Somebody said something else in passing, took it back, or left. */
  said: Said;
  /** The view has ended. */
  destroyed: undefined;
}

/** One document's Yjs view: the one `Y.Doc` of this document on this page. */
export interface DocView extends Emits<DocEvents> {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** As other Yjs providers have it: what the device has is loaded. True until the view is destroyed. */
  readonly synced: boolean;
  /** Whether updates came that `doc` does not have yet: very many are applied in parts, each a task of its own. */
  readonly behind: boolean;
  /**
   * Sends a live value to the people here: a stroke being drawn, that one types. It is never stored. Of each topic the
   * newest value counts. It is sent at most 30 times a second, and again to everybody who comes. `null` takes it back.
   * Topics: 1 to 32 bytes, 16 of them at most; values: at most 16 KiB. Throws `said-too-large` beyond.
   * Needs the right to write in the document; without it others ignore the value.
   */
  say(topic: string, value: Uint8Array | null): void;
  /**
   * The live values of others on a topic, by client id. The event `said` announces changes.
   * Values are other people's bytes: parse them with care.
   */
  said(topic: string): ReadonlyMap<number, Uint8Array>;
  /**
   * Where a unit of this document stands in the causal order of the room: the lamport of the entry that wrote it.
   * It is higher than that of everything that the entry builds on, in `chat` than everything that its author had seen.
   * `Infinity` for what is not in the log yet.
   */
  lamport(client: number, clock: number): number;
  destroy(): void;
}

/** A live value of somebody's in a document. */
export interface Said {
  client: number;
  topic: string;
  /** `null` when it was taken back. */
  value: Uint8Array | null;
}

export interface RoomEvents {
  people: Person[];
  status: Status;
  /** Another number of pages takes part in the call: `callSize`. */
  call: number;
  /** Something of one's own was refused or could not be done, or there is something that the person should know. */
  notice: AnyCoveyError;
  /**
   * Another page of this device has removed the room: nothing is stored any more, and there is nothing left but to
   * leave.
   */
  forgotten: undefined;
  /** The site's data was deleted while the room was open. All that this page has of it is being stored again. */
  emptied: undefined;
}

export interface Room extends Emits<RoomEvents> {
  readonly id: string;
  readonly title: string;
  readonly role: Role;
  /** The parts that one may write in, once one's role lets one write at all. */
  readonly tools: readonly Tool[];
  readonly people: Person[];
  readonly status: Status;
  /** How many pages take part in the call of this room. */
  readonly callSize: number;
  /** The call of this room, the same object every time. Nothing of it is loaded before. */
  call(): Promise<Call>;
  /** The one view of a document, e.g. `code`. Resolves when local content is loaded. */
  doc(name: string): Promise<DocView>;
  /** A link for others: `<page address>#<capability>`. */
  invite(terms: Terms): Promise<string>;
  setName(name: string): void;
  /** The id of the person who writes under a client id, if it is known here; also of those who are gone. */
  author(client: number): string | undefined;
  stats(): Promise<RoomStats>;
  /** Asks for an attempt to reach the node and the others at once. */
  reconnect(): void;
  /** Says goodbye and closes every connection. */
  leave(): Promise<void>;
}

export interface Covey {
  /** Rooms on this device, the newest first. */
  rooms(): Promise<StoredRoom[]>;
  create(options: CreateOptions): Promise<Room>;
  /** Checks a link (whole address or its fragment) without using it; throws `link-…`. */
  inspect(link: string): Promise<LinkInfo>;
  /**
   * Gets ready to join by a link before somebody decides to, so that joining takes less long: connects to those nodes
   * of the link that are the page's own (its origin, or `OpenOptions.nodes`), and to no others. They learn that a page
   * is open, and the key that it will enter the room under. Ends by itself after two minutes; throws `link-…`.
   */
  prepare(link: string): Promise<void>;
  join(link: string, options: { name: string }): Promise<Room>;
  reopen(id: string, options: { name: string }): Promise<Room>;
  /** Narrows a link that one holds, without any network; throws `link-not-made` if it would widen. */
  attenuate(link: string, terms: Terms): Promise<string>;
  /** A QR code of some text as an SVG document. */
  qr(text: string): string;
  /** Removes a room from this device, also from other pages that have it open. */
  forget(id: string): Promise<void>;
}

export interface CreateOptions {
  name: string;
  title?: string;
  /** Nodes that the room's links name, as `node.example.org` or multiaddr text, where the page's origin is none. */
  nodes?: string[];
}

export interface OpenOptions {
  /** Nodes instead of the page's origin, as `node.example.org` or multiaddr text; links of new rooms name them. */
  nodes?: string[];
  /** The page's address for links; the current one by default. */
  base?: string;
}
