/** Recordings that are kept on this device and not saved yet, such as after the page was closed meanwhile. */
import { FOLDER } from "./messages";
import { HEAD, lengthIn } from "./webm";

export interface Kept {
  /** `<milliseconds since 1970>.<ending>` */
  readonly name: string;
  readonly started: number;
  /** As far as the file says it. */
  readonly milliseconds: number | undefined;
  readonly bytes: number;
  /** Left by a page that was closed while it recorded. */
  readonly unfinished: boolean;
  blob(): Promise<Blob>;
  remove(): Promise<void>;
}

/** The parts of the name; undefined for other files. */
export function startOf(name: string): number | undefined {
  const [, digits] = /^(\d{10,16})\.(?:webm|mp4)$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const lockOf = (name: string) => `covey recording ${name}`;

/** Other pages leave a recording alone that a page has in hand, until that ends or the returned function is called. */
export function held(name: string): () => void {
  const stop = new AbortController();
  const { locks } = navigator as { locks?: LockManager };
  void locks?.request(
    lockOf(name),
    () =>
      new Promise<void>((resolve) => {
        stop.signal.addEventListener("abort", () => resolve());
        if (stop.signal.aborted) resolve();
      }),
  );
  return () => stop.abort();
}

async function folder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const { storage } = navigator as { storage?: StorageManager };
    return await (await storage?.getDirectory())?.getDirectoryHandle(FOLDER);
  } catch {
    // No recording was made, or the browser has no such place.
    return undefined;
  }
}

/** All that no page has in hand, the newest first. */
export async function unfinished(): Promise<Kept[]> {
  const place = (await folder()) as { keys?: () => AsyncIterable<string> } | undefined;
  if (!place?.keys) return [];
  const { held: locks = [] } = await navigator.locks.query();
  const taken = new Set(locks.map(({ name }) => name));
  const names: string[] = [];
  for await (const name of place.keys()) {
    if (startOf(name) !== undefined && !taken.has(lockOf(name))) names.push(name);
  }
  const all = await Promise.all(names.map((name) => found(name)));
  return all.filter((each) => each !== undefined).sort((a, b) => b.started - a.started);
}

/** One without anything in it is removed. */
async function found(name: string): Promise<Kept | undefined> {
  try {
    const kept = await keptOnDisk(name, true);
    if (kept.bytes > 0) return kept;
    await kept.remove();
  } catch {
    // Another page has removed it.
  }
  return undefined;
}

export async function keptOnDisk(
  name: string,
  isUnfinished: boolean,
  release: () => void = () => undefined,
): Promise<Kept> {
  const blob = async () => {
    const handle = await (await folder())?.getFileHandle(name);
    if (!handle) throw new DOMException("no such recording", "NotFoundError");
    return handle.getFile();
  };
  const file = await blob();
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  return {
    name,
    started: startOf(name) ?? file.lastModified,
    milliseconds: lengthIn(head),
    bytes: file.size,
    unfinished: isUnfinished,
    blob,
    remove: async () => {
      await (await folder())?.removeEntry(name);
      release();
    },
  };
}
