/** IndexedDB as rooms use it, in the hands of the scenarios that every disk passes. */
import init, { diskScenarios } from "covey-echo";

await init();
const stores = IDBObjectStore.prototype;
const real = Object.getOwnPropertyDescriptor(stores, "put");

/** Lets the browser refuse to write, as one whose disk is full, or take what it is given again. */
function refuse(refuses: boolean): void {
  if (refuses) {
    stores.put = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  } else {
    Object.defineProperty(stores, "put", real ?? {});
  }
}

globalThis.diskScenarios = async () => {
  const outcomes: Record<string, string> = {};
  await diskScenarios(refuse, (name, wrong) => {
    outcomes[name] = wrong ?? "passed";
  });
  return outcomes;
};
