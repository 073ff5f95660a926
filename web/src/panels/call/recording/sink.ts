/** Where a recording goes while it is made: to a file of the site, or into memory where there are none. */
import type { Assistant } from "./assistant";
import { held, keptOnDisk, type Kept } from "./kept";
import { HEAD, timed, written } from "./webm";

export interface Sink {
  readonly inMemory: boolean;
  write(chunk: Blob): Promise<void>;
  /** All has been written. */
  finish(): Promise<Kept>;
}

/** More than this stays in no page's memory. */
const MOST_IN_MEMORY = 256 * 1024 * 1024;

/** Writes bytes at the end, or over what is there. */
type Write = (bytes: ArrayBuffer, at?: number) => Promise<void>;

export async function openSink(assistant: Assistant, started: number, type: string): Promise<Sink> {
  const name = `${started}.${endingOf(type)}`;
  const release = held(name);
  try {
    await assistant.open(name);
  } catch {
    release();
    return inMemory(started, name, type);
  }
  const timing = new Timing(started, (bytes, at) => assistant.write(bytes, at));
  return {
    inMemory: false,
    write: (chunk) => timing.take(chunk),
    finish: async () => {
      // A part that can't be written is left out: the rest is there.
      await timing.end().catch(() => undefined);
      await assistant.close();
      return keptOnDisk(name, false, release);
    },
  };
}

function inMemory(started: number, name: string, type: string): Sink {
  let chunks: ArrayBuffer[] = [];
  let size = 0;
  const write: Write = (bytes, at) => {
    if (at !== undefined) new Uint8Array(chunks[0] ?? bytes).set(new Uint8Array(bytes), at);
    else {
      if (size + bytes.byteLength > MOST_IN_MEMORY)
        return Promise.reject(new DOMException("no room", "QuotaExceededError"));
      size += bytes.byteLength;
      chunks.push(bytes);
    }
    return Promise.resolve();
  };
  const timing = new Timing(started, write);
  return {
    inMemory: true,
    write: (chunk) => timing.take(chunk),
    finish: async () => {
      await timing.end().catch(() => undefined);
      const all = new Blob(chunks, { type });
      chunks = [];
      return {
        name,
        started,
        milliseconds: Date.now() - started,
        bytes: size,
        unfinished: false,
        blob: () => Promise.resolve(all),
        remove: () => Promise.resolve(),
      };
    },
  };
}

/** The length stands in the head of the file, and grows with each chunk, so that a file that was left has one, too. */
class Timing {
  /** The head, until it is whole. */
  private held = new Blob();
  private whole = false;
  private at: number | undefined;

  constructor(
    private readonly started: number,
    private readonly write: Write,
  ) {}

  async take(chunk: Blob): Promise<void> {
    if (this.whole) await this.write(await chunk.arrayBuffer());
    else await this.begin(new Blob([this.held, chunk]));
    if (this.at !== undefined) await this.write(written(Date.now() - this.started), this.at);
  }

  /** A file that is all head. */
  async end(): Promise<void> {
    if (!this.whole && this.held.size > 0) await this.write(await this.held.arrayBuffer());
  }

  private async begin(held: Blob): Promise<void> {
    const bytes = new Uint8Array(await held.arrayBuffer());
    const head = timed(bytes);
    this.held = held;
    this.whole = head !== undefined || held.size >= HEAD;
    if (!this.whole) return;
    this.at = head?.at;
    this.held = new Blob();
    await this.write((head?.bytes ?? bytes).buffer);
  }
}

/** The ending of a file's name. */
export function endingOf(type: string): string {
  return type.startsWith("video/mp4") || type.endsWith(".mp4") ? "mp4" : "webm";
}
