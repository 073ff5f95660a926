/** Hands a recording to the person as a file: to a place of their choice, or among the browser's downloads. */

interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** So much is copied at a time. */
const PIECE = 4 * 1024 * 1024;
/** How long a browser may take to read a download, in milliseconds: at least, and for a megabyte. */
const READING = { least: 60_000, megabyte: 200 };

export interface Saved {
  readonly name: string;
  /** The file may be removed: it is copied. */
  readonly copied: Promise<void>;
}

/** Undefined where the person changed their mind. */
export async function save(blob: Blob, suggestedName: string): Promise<Saved | undefined> {
  const { showSaveFilePicker } = window as Picker;
  if (!showSaveFilePicker) return downloaded(blob, suggestedName);
  try {
    const handle = await showSaveFilePicker({ suggestedName });
    await copied(blob, handle);
    return { name: handle.name, copied: Promise.resolve() };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "AbortError") return undefined;
    // Such as in a frame, or too long after the person pressed a button.
    if (name === "SecurityError") return downloaded(blob, suggestedName);
    throw error;
  }
}

/** Piece by piece: the stream of a large file fills the memory. */
async function copied(blob: Blob, handle: FileSystemFileHandle): Promise<void> {
  const file = await handle.createWritable();
  try {
    for (let at = 0; at < blob.size; at += PIECE)
      await file.write(await blob.slice(at, at + PIECE).arrayBuffer());
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
  await file.close();
}

/** No browser says when it has read it all. */
function downloaded(blob: Blob, name: string): Saved {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  const reading = READING.least + (blob.size / 1e6) * READING.megabyte;
  const copied = new Promise<void>((resolve) => {
    setTimeout(() => {
      URL.revokeObjectURL(link.href);
      resolve();
    }, reading);
  });
  return { name, copied };
}

/** `Call 2026-12-01 14.05.webm`, by the clock of this device. */
export function fileName(started: number, ending: string): string {
  const date = new Date(started);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `Call ${day} ${two(date.getHours())}.${two(date.getMinutes())}.${ending}`;
}
