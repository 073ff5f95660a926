/** One room on this page: what the engine tells becomes events, documents become Yjs views. */
import type { WasmRoom } from "../pkg/covey_wasm.js";
import { LazyCall } from "./call/lazy.js";
import type { CallTold } from "./call/port.js";
import type { Call } from "./call/types.js";
import { Emitter } from "./emitter.js";
import { CoveyError, type AnyCoveyError } from "./errors.js";
import { linkOn } from "./link.js";
import { Presences, type Here } from "./presence.js";
import { bitsOf, toolsOf } from "./tools.js";
import type {
  DocView,
  Person,
  Role,
  Room,
  RoomEvents,
  RoomStats,
  Said,
  Status,
  Terms,
  Tool,
} from "./types.js";
import type { Sibling, Siblings } from "./siblings.js";
import { Spoken } from "./spoken.js";
import { View } from "./view.js";
import { onWake } from "./wake.js";

/** What `WasmRoom` tells its listener: a kind and up to two values. */
type Told =
  | [kind: "updates", document: string, updates: Uint8Array[]]
  | [kind: "rejected", document: string, reason: string]
  | [kind: "said", document: string, said: Said]
  | [kind: "presence", client: number, here: Here | null]
  | [kind: "people" | "status", first: null, second: null]
  | [kind: "stored", first: null, keys: Uint8Array[]]
  | [kind: "forgotten" | "emptied", first: null, second: null]
  | [kind: "call", ...told: CallTold]
  | [kind: "notice", problem: AnyCoveyError, second: null];

/** Notices that are kept until someone listens. */
const EARLY = 8;

export class OpenRoom implements Room, Sibling {
  readonly id: string;
  readonly title: string;
  private readonly events = new Emitter<RoomEvents>();
  private readonly views = new Map<string, View>();
  private readonly presences = new Presences();
  private readonly sayings = new Map<string, Spoken>();
  private readonly stop = new AbortController();
  private readonly early: AnyCoveyError[] = [];
  private readonly calling: LazyCall;
  private known: { people: Person[]; status: Status; role: Role; tools: Tool[] };

  constructor(
    private readonly wasm: WasmRoom,
    private readonly base: string,
    private readonly siblings: Siblings,
  ) {
    this.id = wasm.id;
    this.title = wasm.title;
    this.calling = new LazyCall(wasm);
    this.known = {
      people: wasm.people(),
      status: wasm.status(),
      ...this.standing(),
    };
    const { signal } = this.stop;
    addEventListener("online", () => this.reconnect(), { signal });
    addEventListener("pagehide", () => this.hide(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.reconnect(), { signal });
    onWake(() => this.reconnect(), signal);
    wasm.start((...told: Told) => this.told(told));
    siblings.join(this);
  }

  get people(): Person[] {
    return this.known.people;
  }

  get status(): Status {
    return this.known.status;
  }

  get role(): Role {
    return this.known.role;
  }

  get tools(): readonly Tool[] {
    return this.known.tools;
  }

  get callSize(): number {
    return this.calling.size;
  }

  async call(): Promise<Call> {
    this.mustBeOpen();
    return this.calling.load();
  }

  async doc(name: string): Promise<DocView> {
    this.mustBeOpen();
    let view = this.views.get(name);
    if (!view) {
      view = new View(name, this.wasm, this.presences, this.spoken(name));
      view.setUser(this.self());
      this.views.set(name, view);
      view.on("destroyed", () => this.views.delete(name));
    }
    return view;
  }

  async invite({ role, expires, uses, passOn, tools }: Terms): Promise<string> {
    this.mustBeOpen();
    const made = this.wasm.invite(role, expires, uses, passOn ?? true, bitsOf(tools));
    return linkOn(this.base, made);
  }

  setName(name: string): void {
    if (!this.left) this.wasm.setName(name);
  }

  author(client: number): string | undefined {
    return this.left ? undefined : this.wasm.author(client);
  }

  async stats(): Promise<RoomStats> {
    this.mustBeOpen();
    return this.wasm.stats();
  }

  reconnect(): void {
    if (!this.left) this.wasm.reconnect();
  }

  on<K extends keyof RoomEvents>(event: K, listener: (value: RoomEvents[K]) => void): () => void {
    const stop = this.events.on(event, listener);
    // Such as that nothing can be stored: it is noticed before anyone can have started to listen.
    if (event === "notice") for (const early of this.early.splice(0)) this.events.emit("notice", early);
    return stop;
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.stop.abort();
    for (const view of [...this.views.values()]) view.destroy();
    this.calling.end();
    this.siblings.leave(this);
    await this.wasm.leave();
    this.wasm.free();
  }

  stored(keys: Uint8Array[]): void {
    if (!this.left) this.wasm.found(keys);
  }

  forgotten(): void {
    if (this.left) return;
    this.wasm.forget();
    this.events.emit("forgotten", undefined);
  }

  private hide(): void {
    for (const view of this.views.values()) view.flush();
    this.wasm.hide();
  }

  private get left(): boolean {
    return this.stop.signal.aborted;
  }

  private told(told: Told): void {
    // The last that is stored is so after the room was left.
    if (told[0] === "stored") this.siblings.stored(this.id, told[2]);
    if (this.left) return;
    switch (told[0]) {
      case "updates":
        this.views.get(told[1])?.apply(told[2]);
        break;
      case "rejected":
        this.views.get(told[1])?.reject();
        this.notice(new CoveyError("edit-refused", { document: told[1], reason: told[2] }));
        break;
      case "said":
        this.heard(told[1], told[2]);
        break;
      case "presence":
        this.presences.set(told[1], told[2]);
        for (const view of this.views.values()) view.showPresence(told[1]);
        break;
      case "people":
        this.peopleChanged();
        break;
      case "status":
        this.statusChanged();
        break;
      case "call":
        if (this.calling.told([told[1], told[2]] as CallTold)) this.events.emit("call", this.callSize);
        break;
      case "forgotten":
      case "emptied":
        this.events.emit(told[0], undefined);
        break;
      case "notice":
        this.notice(told[1]);
        break;
    }
  }

  private heard(document: string, said: Said): void {
    if (this.spoken(document).set(said)) this.views.get(document)?.heard(said);
  }

  private spoken(document: string): Spoken {
    let spoken = this.sayings.get(document);
    if (!spoken) this.sayings.set(document, (spoken = new Spoken()));
    return spoken;
  }

  private peopleChanged(): void {
    this.known = {
      ...this.known,
      people: this.wasm.people(),
      ...this.standing(),
    };
    for (const view of this.views.values()) view.setUser(this.self());
    this.events.emit("people", this.people);
  }

  private statusChanged(): void {
    const { reach } = this.status;
    this.known = {
      ...this.known,
      status: this.wasm.status(),
      ...this.standing(),
    };
    this.events.emit("status", this.status);
    // How far away one is oneself is shown as how far away the others are.
    if (this.status.reach !== reach) this.peopleChanged();
  }

  private standing(): { role: Role; tools: Tool[] } {
    const { role, tools } = this.wasm;
    return { role, tools: toolsOf(tools) };
  }

  private self(): Person | undefined {
    return this.people.find((person) => person.self);
  }

  private notice(problem: AnyCoveyError): void {
    if (!this.events.emit("notice", problem) && this.early.length < EARLY) this.early.push(problem);
  }

  private mustBeOpen(): void {
    if (this.left) throw new CoveyError("room-left");
  }
}
