/** Writes a recording to a file as it goes, and keeps time while the page is hidden, whose own timers are slow. */
import { FOLDER, type Answer, type Ask } from "./messages";

/** Standard types of pages leave it out, since only workers have it. */
interface Access {
  write(bytes: ArrayBuffer, options: { at: number }): number;
  getSize(): number;
  flush(): void;
  close(): void;
}
interface AccessibleHandle extends FileSystemFileHandle {
  createSyncAccessHandle?: () => Promise<Access>;
}

let access: Access | undefined;

async function open(name: string): Promise<void> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  const file: AccessibleHandle = await folder.getFileHandle(name, { create: true });
  try {
    if (!file.createSyncAccessHandle) throw new DOMException("no access handles", "NotSupportedError");
    access = await file.createSyncAccessHandle();
  } catch (error) {
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

function write(bytes: ArrayBuffer, at: number | undefined): void {
  if (!access) throw new DOMException("not open", "InvalidStateError");
  const written = access.write(bytes, { at: at ?? access.getSize() });
  if (written < bytes.byteLength) throw new DOMException("no room", "QuotaExceededError");
  access.flush();
}

async function perform(ask: Exclude<Ask, { do: "tick" }>): Promise<void> {
  if (ask.do === "open") await open(ask.name);
  else if (ask.do === "write") write(ask.bytes, ask.at);
  else {
    access?.close();
    access = undefined;
  }
}

const answer = (value: Answer) => postMessage(value);

/** One after another: a file is open before it is written. */
let before = Promise.resolve();
addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  if (data.do === "tick") {
    setInterval(() => answer({ is: "tick" }), data.every);
    return;
  }
  before = before
    .then(() => perform(data))
    .then(
      () => answer({ is: "done" }),
      (error: unknown) => answer({ is: "failed", error: error instanceof Error ? error.name : "Error" }),
    );
});
