/** The page's end of the worker through which frames go. */
// By this the compiler knows that the worker belongs to the package.
import type { FromRealm, ToRealm } from "./worker.js";

export interface RealmPort {
  /** `transfer` is what the worker is to have instead of the page. */
  tell(told: ToRealm, transfer?: Transferable[]): void;
  close(): void;
}

/** Begins a worker; throws, or calls `failed`, where the browser or the page's policy has none. */
export function worker(heard: (told: FromRealm) => void, failed: () => void): RealmPort {
  const made = new Worker(new URL("./worker.js", import.meta.url), {
    type: "module",
  });
  made.onmessage = ({ data }: MessageEvent<FromRealm>) => heard(data);
  made.onerror = failed;
  return {
    tell: (told, transfer = []) => made.postMessage(told, transfer),
    close: () => made.terminate(),
  };
}
