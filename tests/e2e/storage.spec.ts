/** A browser's storage that fails for a while, or holds what this version can't read. */
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "what the disk refused is stored later, with nothing more written",
  play(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    await alice.createRoom("A full disk");
    await alice.saved();
    await alice.page.evaluate(() => {
      const stores = IDBObjectStore.prototype;
      const real = Object.getOwnPropertyDescriptor(stores, "put");
      stores.put = () => {
        throw new DOMException("no room", "QuotaExceededError");
      };
      globalThis.coveyHeal = () => {
        Object.defineProperty(stores, "put", real ?? {});
      };
    });
    await alice.type("kept", 20);
    await alice.page.getByText(/storage is full/).waitFor();
    expect((await alice.status()).unsaved).toBeGreaterThan(0);

    await alice.page.evaluate(() => globalThis.coveyHeal?.());
    await alice.saved();
    await alice.reload();
    await alice.hasText("kept");
  }),
);

test(
  "a login that can't be read is left as it is, and the page says so",
  play(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    await alice.createRoom("From a newer version");
    await alice.saved();
    await alice.page.evaluate(deviceRecord, "of a newer version");
    await alice.page.reload();
    await alice.page.getByText(/keeps a login that this version/).waitFor();
    expect(await alice.page.evaluate(deviceRecord, undefined)).toBe("of a newer version");
  }),
);

test(
  "a page gives way to a newer version of the database",
  play(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    await alice.createRoom("Updated elsewhere");
    await alice.saved();
    const version = await alice.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const opening = indexedDB.open("covey", 1_000);
          opening.onsuccess = () => resolve(opening.result.version);
          opening.onblocked = () => resolve(0);
        }),
    );
    expect(version).toBe(1_000);
    await alice.type("unkept", 20);
    await until("Alice is told that nothing is kept", () =>
      alice.page.getByText(/updated in another tab/).isVisible(),
    );
  }),
);

/** Reads the record of the device, or writes it; runs in the page. */
function deviceRecord(value: string | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("covey");
    opening.onsuccess = () => {
      const store = opening.result
        .transaction("device", value === undefined ? "readonly" : "readwrite")
        .objectStore("device");
      const request = value === undefined ? store.get("device") : store.put(value, "device");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("the record of the device"));
    };
  });
}
