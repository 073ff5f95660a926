/**
 * Other pages of this browser profile. They share its disk, so of a room that several have open each only says what
 * it stores; the others read it from there, and check it like all that they read there.
 */

type Said = { kind: "stored"; room: string; keys: Uint8Array[] } | { kind: "forgotten"; room: string };

/** An open room, told of what other pages do with it. */
export interface Sibling {
  readonly id: string;
  /** Another page is storing segments under these keys. */
  stored(keys: Uint8Array[]): void;
  /** Another page has removed the room from this device. */
  forgotten(): void;
}

/** What was said last: a room that is being opened is not told yet, and its disk may have been read before. */
const RECENT = 256;

export class Siblings {
  private readonly channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("covey") : undefined;
  private readonly open = new Set<Sibling>();
  private readonly recent: Said[] = [];

  constructor() {
    this.channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const said = parse(data);
      if (said) this.hear(said);
    });
  }

  /** Tells a room what happens to it from now on, and what did a moment ago. */
  join(room: Sibling): void {
    this.open.add(room);
    for (const said of this.recent) tell(room, said);
  }

  leave(room: Sibling): void {
    this.open.delete(room);
  }

  stored(room: string, keys: Uint8Array[]): void {
    this.channel?.postMessage({ kind: "stored", room, keys } satisfies Said);
  }

  forgotten(room: string): void {
    const said: Said = { kind: "forgotten", room };
    this.channel?.postMessage(said);
    this.hear(said);
  }

  private hear(said: Said): void {
    // A room that is opened after this was joined anew.
    if (said.kind === "stored" && this.recent.push(said) > RECENT) this.recent.shift();
    for (const room of [...this.open]) tell(room, said);
  }
}

function tell(room: Sibling, said: Said): void {
  if (said.room !== room.id) return;
  if (said.kind === "stored") room.stored(said.keys);
  else room.forgotten();
}

/** A page of another version may say something else. */
function parse(data: unknown): Said | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { kind, room, keys } = data as Record<string, unknown>;
  if (typeof room !== "string") return undefined;
  if (kind === "forgotten") return { kind, room };
  if (kind !== "stored" || !Array.isArray(keys)) return undefined;
  return { kind, room, keys: keys.filter((key) => key instanceof Uint8Array) };
}
