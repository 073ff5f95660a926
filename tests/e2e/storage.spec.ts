/** A browser's storage that fails for a while, or holds what this version can't read. */
import { expect, test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { until } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "a write that the disk refused is stored later, even if nothing more is written",
  play(async (stage) => {
    const alice = await stage.alone("A full disk");
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
  "an unreadable login is left as it is, and the page says so",
  play(async (stage) => {
    const alice = await stage.alone("From a newer version");
    await alice.saved();
    await alice.page.evaluate(deviceRecord, "of a newer version");
    await alice.page.reload();
    await alice.page.getByText(/keeps a login that this version/).waitFor();
    expect(await alice.page.evaluate(deviceRecord, undefined)).toBe("of a newer version");
  }),
);

test(
  "a link to one's own room says so, and never writes over a record of another version",
  play(async (stage) => {
    const alice = await stage.alone("Opened twice");
    await alice.saved();
    const link = await alice.invite();
    const open = async () => {
      await alice.page.goto("about:blank");
      await alice.page.goto(link);
      await alice.page.getByRole("button", { name: "Join room" }).click();
    };
    await open();
    await alice.page.getByText(/already in this room/).waitFor();
    await alice.saved();
    await alice.page.goto("about:blank");
    await alice.page.goto(alice.browser.origin);
    await alice.page.evaluate(roomRecord, [9, 1, 2, 3]);
    await open();
    await alice.page.getByText(/keeps this room in a form/).waitFor();
    expect(await alice.page.evaluate(roomRecord, undefined)).toEqual([9, 1, 2, 3]);
  }),
);

test(
  "a page gives way to a newer version of the database",
  play(async (stage) => {
    const alice = await stage.alone("Updated elsewhere");
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

for (const how of ["deleted by another tab", "cleared by the browser"] as const) {
  test(
    `the page stores all it has again and says so if the site's data is ${how}`,
    play(async (stage) => {
      const alice = await stage.alone("Cleared");
      const chat = await ChatPanel.of(alice);
      await alice.type("kept", 20);
      await chat.say("said before");
      await alice.saved();
      const tab = await alice.tab();
      const before = await alice.page.evaluate(self);

      if (how === "deleted by another tab") await tab.page.evaluate(deleteDatabase);
      else {
        const devtools = await tab.page.context().newCDPSession(tab.page);
        const { origin } = stage.node;
        await devtools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      }
      await alice.page.getByText(/was deleted while the room was open/).waitFor();
      await alice.goTo("end");
      await alice.type(" and more", 20);
      await alice.saved();
      expect(await alice.page.getByText(/Saved on this device/).isVisible()).toBe(true);
      await chat.field.fill("a draft");

      await alice.reload();
      expect(await alice.text()).toBe("kept and more");
      await chat.show();
      await chat.sees("said before");
      expect(await chat.field.inputValue()).toBe("a draft");
      expect(await alice.page.evaluate(self)).toEqual(before);
      // A tab that comes later is the same person, too.
      await tab.page.reload();
      await tab.reopen("Cleared");
      expect(await tab.page.evaluate(self)).toEqual(before);
    }),
  );
}

/** The name of the person; runs in the page. */
function self(): { id: string; role: string; name: string } | undefined {
  const person = globalThis.coveyRoom?.people.find((person) => person.self);
  return person && { id: person.id, role: person.role, name: person.name };
}

/** Runs in the page. */
function deleteDatabase(): Promise<void> {
  return new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase("covey");
    deleting.onsuccess = () => resolve();
    deleting.onerror = () => reject(new Error("the database stays"));
  });
}

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

/** Reads the record of the only room, or writes it; runs in the page. */
function roomRecord(value: number[] | undefined): Promise<number[] | undefined> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("covey");
    opening.onsuccess = () => {
      const store = opening.result.transaction("rooms", "readwrite").objectStore("rooms");
      const cursor = store.openCursor();
      cursor.onerror = () => reject(new Error("the record of the room"));
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (at === null) {
          reject(new Error("there is no room"));
          return;
        }
        if (value === undefined) {
          resolve(Array.from(at.value as Uint8Array));
          return;
        }
        at.update(new Uint8Array(value)).onsuccess = () => resolve(undefined);
      };
    };
  });
}
