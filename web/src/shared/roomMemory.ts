/**
 * A panel's memory of one room on this device, as JSON in `localStorage`. Other pages of the device write there, too.
 */

/** How long to wait for more before it is written, in milliseconds. */
const SOON = 300;

type Kept = Record<string, unknown>;

interface Keeper {
  /** The value to store, given the value that is stored at the moment. */
  current: (before: Kept) => Kept;
  /** Another page of this device has stored this. */
  changed: (kept: Kept) => void;
}

/** The memories of open rooms. */
const open = new Set<RoomMemory>();
/** Rooms that were forgotten while they were open. */
const forgotten = new Set<string>();

export class RoomMemory {
  private readonly key: string;
  private writing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    panel: string,
    private readonly room: string,
    private readonly keeper: Keeper,
  ) {
    this.key = `covey.${panel}.${room}`;
    forgotten.delete(room);
    open.add(this);
    addEventListener("pagehide", this.rewrite);
    addEventListener("storage", this.heard);
  }

  read(): Kept {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.key) ?? "{}");
      return typeof kept === "object" && kept !== null ? (kept as Kept) : {};
    } catch {
      return {};
    }
  }

  writeSoon(): void {
    this.writing ??= setTimeout(() => this.flush(), SOON);
  }

  /** Writes what is not written yet. */
  flush(): void {
    if (this.writing === undefined) return;
    clearTimeout(this.writing);
    this.writing = undefined;
    if (forgotten.has(this.room)) return;
    const kept = this.keeper.current(this.read());
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Storage is closed or full: remembered until the page is left.
    }
  }

  /** Writes all of it again. */
  readonly rewrite = (): void => {
    this.writeSoon();
    this.flush();
  };

  /** Writes the last of it. */
  close(): void {
    open.delete(this);
    removeEventListener("pagehide", this.rewrite);
    removeEventListener("storage", this.heard);
    this.flush();
  }

  private readonly heard = ({ key, newValue }: StorageEvent): void => {
    if (key === this.key && newValue !== null) this.keeper.changed(this.read());
  };
}

/** Writes the memories of all open rooms again, after the stored ones were deleted. */
export function rewriteOpenRooms(): void {
  for (const memory of open) memory.rewrite();
}

/** Forgets what panels remember of a room, also panels that this page does not have. */
export function forgetRoom(room: string): void {
  forgotten.add(room);
  try {
    const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
    for (const key of keys) {
      if (key.startsWith("covey.") && key.endsWith(`.${room}`)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing is kept where storage is closed.
  }
}
