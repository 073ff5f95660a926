/** The rooms of this device. */
import type { WasmCovey, WasmRoom } from "../pkg/covey_wasm.js";
import { linkOn, pageOfLink } from "./link.js";
import { addresses } from "./nodes.js";
import { OpenRoom } from "./room.js";
import { Siblings } from "./siblings.js";
import { bitsOf } from "./tools.js";
import type { Covey, CreateOptions, LinkInfo, Room, StoredRoom, Terms } from "./types.js";

/** The engine behind the interface. */
export class Engine implements Covey {
  private asked = false;
  /** Before anything is read from the disk: what others store from then on is told. */
  private readonly siblings = new Siblings();

  constructor(
    private readonly wasm: WasmCovey,
    private readonly base: string,
    /** Nodes that the links of new rooms name; none means the page's origin. */
    private readonly named: string[],
    /** For when a room is opened. */
    private readonly endRehearsal: () => void,
  ) {}

  rooms(): Promise<StoredRoom[]> {
    return this.wasm.rooms();
  }

  async create({ name, title, nodes }: CreateOptions): Promise<Room> {
    this.endRehearsal();
    const named = nodes === undefined || nodes.length === 0 ? this.named : addresses(nodes);
    return this.opened(this.wasm.create(name, title ?? "", named));
  }

  async inspect(link: string): Promise<LinkInfo> {
    return this.wasm.inspect(link);
  }

  async prepare(link: string): Promise<void> {
    this.wasm.prepare(link);
  }

  async join(link: string, { name }: { name: string }): Promise<Room> {
    this.endRehearsal();
    return this.opened(await this.wasm.join(link, name));
  }

  async reopen(id: string, { name }: { name: string }): Promise<Room> {
    this.endRehearsal();
    return this.opened(await this.wasm.reopen(id, name));
  }

  async attenuate(link: string, { role, expires, uses, passOn, tools }: Terms): Promise<string> {
    const fragment = this.wasm.attenuate(link, role, expires, uses, passOn ?? true, bitsOf(tools));
    return linkOn(pageOfLink(link) ?? this.base, fragment);
  }

  qr(text: string): string {
    return this.wasm.qr(text);
  }

  async forget(id: string): Promise<void> {
    await this.wasm.forget(id);
    this.siblings.forgotten(id);
  }

  private opened(wasm: WasmRoom): Room {
    this.keep();
    return new OpenRoom(wasm, this.base, this.siblings);
  }

  /** Asks the browser, once, not to throw away what is stored when space runs low. */
  private keep(): void {
    if (this.asked) return;
    this.asked = true;
    // Absent outside secure contexts.
    const storage = navigator.storage as StorageManager | undefined;
    // A refusal changes nothing.
    storage?.persist().catch(() => undefined);
  }
}
