/**
 * The Yjs provider: one `Y.Doc` per document and page, kept in step with the replica of record in the engine.
 *
 * ```text
 *   editor ──► Y.Doc ──update──► engine: check, sign, store, send
 *   editor ◄── Y.Doc ◄──update── engine: what others wrote, verified
 * ```
 */
import type { WasmRoom } from "../pkg/covey_wasm.js";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { Binding } from "./binding.js";
import { Emitter } from "./emitter.js";
import type { Presences } from "./presence.js";
import type { Spoken } from "./spoken.js";
import type { DocEvents, DocView, Person, Said } from "./types.js";

export class View implements DocView {
  private readonly events = new Emitter<DocEvents>();
  private bound: Binding;
  private user: Person | undefined;
  private rebuilding = false;
  private destroyed = false;

  constructor(
    readonly name: string,
    private readonly wasm: WasmRoom,
    private readonly presences: Presences,
    private readonly spoken: Spoken,
  ) {
    this.bound = this.bind();
  }

  get doc(): Y.Doc {
    return this.bound.doc;
  }

  get awareness(): Awareness {
    return this.bound.awareness;
  }

  /** A view exists only once the device's data is loaded. */
  get synced(): boolean {
    return !this.destroyed;
  }

  get behind(): boolean {
    return this.bound.behind;
  }

  on<K extends keyof DocEvents>(event: K, listener: (value: DocEvents[K]) => void): () => void {
    return this.events.on(event, listener);
  }

  /** The updates of others, in order. */
  apply(updates: Uint8Array[]): void {
    this.bound.apply(updates);
  }

  /** An own update was refused: the document is made anew from what counts. */
  reject(): void {
    if (this.rebuilding || this.destroyed) return;
    this.rebuilding = true;
    this.bound.refuse();
    // An editor may be in the middle of the very update that was refused.
    queueMicrotask(() => {
      if (this.destroyed) return;
      this.rebuilding = false;
      const dead = this.bound;
      this.bound = this.bind();
      this.events.emit("rejected", undefined);
      dead.destroy();
    });
  }

  /** Hands the engine what waits, before the page or the room is closed. */
  flush(): void {
    this.bound.flush();
  }

  /** One's own name and colour. */
  setUser(user: Person | undefined): void {
    this.user = user;
    this.bound.setUser(user);
  }

  /** Someone's presence changed. */
  showPresence(client: number): void {
    this.bound.show(client);
  }

  say(topic: string, value: Uint8Array | null): void {
    if (!this.destroyed) this.wasm.say(this.name, topic, value ?? new Uint8Array());
  }

  said(topic: string): ReadonlyMap<number, Uint8Array> {
    return this.spoken.of(topic);
  }

  /** Somebody said something else than before. */
  heard(said: Said): void {
    this.events.emit("said", said);
  }

  lamport(client: number, clock: number): number {
    return (
      (this.destroyed ? undefined : this.wasm.lamport(this.name, client, clock)) ?? Number.POSITIVE_INFINITY
    );
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.bound.destroy();
    this.events.emit("destroyed", undefined);
  }

  private bind(): Binding {
    const binding = new Binding(this.name, this.wasm, this.presences);
    binding.setUser(this.user);
    return binding;
  }
}
