/** A `Y.Doc` tied to the engine: what it takes, what it is handed, and when. */
import type { WasmRoom } from "../pkg/covey_wasm.js";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { encodedCursor, shownState, userOf } from "./awareness.js";
import type { Presences } from "./presence.js";
import type { Person } from "./types.js";

/** More than this of one's own, in bytes, is handed over in a task of its own: a paste, a picture. */
const LARGE = 64 << 10;
/** More than this of others', in bytes, is told in a task of its own: Yjs takes some 5 ms for it. */
const MUCH = 16 << 10;
/** More than this takes the engine longer than a frame: it is handed over in parts, each a task of its own. */
const HUGE = 512 << 10;

interface Changes {
  added: number[];
  updated: number[];
  removed: number[];
}

/** One life of the document, from a whole state to a refusal or the end. */
export class Binding {
  readonly doc = new Y.Doc();
  readonly awareness: Awareness;
  private cursor = "";
  private detached = false;
  /** Updates of others that this document does not have yet. */
  private readonly coming: Uint8Array[] = [];
  private comingSoon = false;
  /** Own updates that the engine does not have yet. */
  private readonly going: Uint8Array[] = [];
  private flushing = false;

  constructor(
    private readonly name: string,
    private readonly wasm: WasmRoom,
    private readonly presences: Presences,
  ) {
    const { doc } = this;
    Y.applyUpdate(doc, wasm.state(name), this);
    // Only after the load: Yjs takes another id when a load brings blocks of its own id.
    doc.clientID = wasm.clientId;
    doc.on("beforeTransaction", this.assertClient);
    doc.on("update", this.send);
    this.awareness = new Awareness(doc);
    this.awareness.on("update", this.tell);
    for (const client of presences.clients()) this.show(client);
  }

  get behind(): boolean {
    return this.coming.length > 0;
  }

  apply(updates: Uint8Array[]): void {
    for (const update of updates) this.coming.push(update);
    if (this.comingSoon) return;
    if (size(updates) > MUCH) this.takeSoon();
    // A panel's code in an observer of this document can make the engine emit updates. Applied in the middle of
    // its events, an update would change what those events tell.
    else if (this.doc._transactionCleanups.length === 0) this.take();
    else queueMicrotask(() => this.take());
  }

  /**
   * Applies updates that came together as one event, so thousands of updates are one event. Very many are applied in
   * parts.
   */
  private take(): void {
    this.comingSoon = false;
    if (this.detached || this.coming.length === 0) return;
    let taken = 0;
    let bytes = 0;
    while (taken < this.coming.length && bytes < MUCH) bytes += this.coming[taken++]?.length ?? 0;
    const updates = this.coming.splice(0, taken);
    const apply = () => updates.forEach((update) => Y.applyUpdate(this.doc, update, this));
    Y.transact(this.doc, apply, this, false);
    this.assertClient();
    if (this.coming.length > 0) this.takeSoon();
  }

  private takeSoon(): void {
    this.comingSoon = true;
    nextTask(() => this.take());
  }

  setUser(person: Person | undefined): void {
    const user = person && userOf(person);
    const shown: unknown = this.awareness.getLocalState()?.user;
    if (JSON.stringify(user) !== JSON.stringify(shown)) this.awareness.setLocalStateField("user", user);
  }

  /** Shows what someone says of themselves as any other provider would. */
  show(client: number): void {
    const { states, meta, clientID } = this.awareness;
    if (this.detached || client === clientID) return;
    const here = this.presences.of(client);
    const before = states.has(client);
    if (!here && !before) return;
    const changes: Changes = { added: [], updated: [], removed: [] };
    const clock = (meta.get(client)?.clock ?? 0) + 1;
    if (here) {
      states.set(client, shownState(here, this.name));
      // The engine knows who is there; the awareness's own clock must not remove anyone.
      meta.set(client, { clock, lastUpdated: Number.POSITIVE_INFINITY });
      changes[before ? "updated" : "added"].push(client);
    } else {
      states.delete(client);
      meta.delete(client);
      changes.removed.push(client);
    }
    this.awareness.emit("change", [changes, this]);
    this.awareness.emit("update", [changes, this]);
  }

  /** Hands the engine what waits, in order; what is written while it takes something waits, too. */
  flush(): void {
    this.hand(Infinity);
  }

  /** Ends once more than so many bytes are handed over. */
  private hand(most: number): void {
    if (this.flushing) return;
    this.flushing = true;
    let bytes = 0;
    try {
      for (let next; bytes < most && (next = this.going.shift()); bytes += next.length)
        this.wasm.edit(this.name, next);
    } finally {
      this.flushing = false;
    }
  }

  /** Hands over about as much as a frame has time for. */
  private handSoon(): void {
    nextTask(() => {
      const [next] = this.going;
      const parts = next && next.length > HUGE ? this.wasm.parts(next) : [];
      // An update that can't be split is taken, or refused, as it is.
      if (parts.length > 1) this.going.splice(0, 1, ...parts);
      else this.hand(LARGE);
      if (this.going.length > 0) this.handSoon();
    });
  }

  /** The engine refused something of one's own: while it is handed what waits, the rest builds on that. */
  refuse(): void {
    if (this.flushing) this.going.length = 0;
    this.detach();
  }

  /** Nothing goes in or out any more; the content stays as it is. */
  detach(): void {
    this.flush();
    this.detached = true;
    this.doc.off("beforeTransaction", this.assertClient);
    this.doc.off("update", this.send);
    this.awareness.off("update", this.tell);
  }

  destroy(): void {
    if (!this.detached && this.cursor !== "") this.wasm.clearCaret();
    this.detach();
    this.awareness.destroy();
    this.doc.destroy();
  }

  private readonly assertClient = () => {
    const { doc, wasm } = this;
    if (doc.clientID !== wasm.clientId) doc.clientID = wasm.clientId;
  };

  private readonly send = (update: Uint8Array, origin: unknown) => {
    if (origin === this) return;
    const waits = this.flushing || this.going.length > 0;
    if (!waits && update.length <= LARGE) {
      this.wasm.edit(this.name, update);
      return;
    }
    this.going.push(update);
    if (!waits) this.handSoon();
  };

  private readonly tell = ({ added, updated, removed }: Changes, origin: unknown) => {
    const own = this.awareness.clientID;
    if (origin === this || ![...added, ...updated, ...removed].includes(own)) return;
    const state = this.awareness.getLocalState();
    const text = JSON.stringify(state?.cursor ?? null);
    if (text === this.cursor) return;
    const had = this.cursor !== "" && this.cursor !== "null";
    this.cursor = text;
    const cursor = encodedCursor(state?.cursor);
    if (cursor) this.wasm.setCaret(this.name, cursor.anchor, cursor.head);
    else if (had) this.wasm.clearCaret();
  };
}

function size(updates: Uint8Array[]): number {
  return updates.reduce((sum, update) => sum + update.length, 0);
}

/** Unlike a timer, a message is not slowed down in a hidden page. */
function nextTask(task: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(null);
}
