/** Several tabs of one browser profile, which share its disk. */
import { expect, test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { becomes } from "./harness/condition";
import type { Person } from "./harness/person";
import { play } from "./harness/stage";

test(
  "a room forgotten in one tab is closed in the other with a notice, stays forgotten, and is opened again by a good link",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    const chat = await ChatPanel.of(alice);
    await alice.type("written before", 20);
    await bob.hasText("written before");
    await chat.field.fill("a draft");
    await alice.saved();
    const link = await bob.invite();
    const tab = await alice.tab();
    await forget(tab, "Two people");

    await alice.page.getByText(/“Two people” was forgotten in another tab/).waitFor();
    await tab.page.getByRole("button", { name: "Forget Two people" }).waitFor({ state: "hidden" });
    await alice.page.reload();
    await alice.page.getByRole("button", { name: "Create room" }).waitFor();
    // Neither the page that was open nor its end has written anything back.
    expect(await alice.page.evaluate(stored)).toEqual({ rooms: 0, segments: 0, chats: 0 });

    await alice.page.goto("about:blank");
    await alice.page.goto(link);
    await alice.page.getByRole("button", { name: "Join room" }).click();
    await alice.inRoom();
    await alice.hasText("written before");
    await alice.sees("Bob", "direct");
  }),
);

test(
  "a tab that missed it notices with its next write, and does not write the forgotten room back",
  play(async (stage) => {
    const alice = await stage.alone("Forgotten");
    await alice.saved();
    const tab = await alice.tab();
    // As in a browser that holds messages back from a tab in the background.
    await tab.page.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => undefined;
    });
    await forget(tab, "Forgotten");
    await tab.page.getByRole("button", { name: "Forget Forgotten" }).waitFor({ state: "hidden" });
    await alice.type("x", 20);
    await alice.page.getByText(/“Forgotten” was forgotten in another tab/).waitFor();
    await alice.page.reload();
    await alice.page.getByRole("button", { name: "Create room" }).waitFor();
    expect(await alice.page.evaluate(stored)).toEqual({ rooms: 0, segments: 0, chats: 0 });
  }),
);

test(
  "a damaged record never outweighs a good link, which repairs it",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    await bob.type("the room", 20);
    await alice.hasText("the room");
    await alice.saved();
    const link = await bob.invite();
    const join = async () => {
      await alice.page.goto(link);
      await alice.page.getByRole("button", { name: "Join room" }).click();
      await alice.inRoom();
      await alice.hasText("the room");
      await alice.saved();
    };
    const tab = await alice.tab();
    // The log begins with what made her a member; without her record there is nothing but the link.
    for (const what of ["log", "record"] as const) {
      await alice.page.goto("about:blank");
      await tab.page.evaluate(damage, what);
      await join();
    }
    await alice.reload();
    await alice.hasText("the room");
  }),
);

test(
  "two tabs show each other's text with the node dead, and that of a tab that crashed",
  play(async (stage) => {
    const alice = await stage.alone("Two tabs");
    await Promise.all([alice.saved(), alice.offlineReady()]);
    await stage.killNode();
    const tab = await alice.tab();
    await tab.reopen("Two tabs");

    await alice.type("one", 20);
    await tab.hasText("one", SOON);
    await tab.goTo("end");
    await tab.type(" two", 20);
    await alice.hasText("one two", SOON);
    const [chat, other] = [await ChatPanel.of(alice), await ChatPanel.of(tab)];
    await chat.say("from the first");
    await other.sees("from the first");
    // Neither is told twice, and nothing of it is new to the one who wrote it.
    expect(await other.texts()).toEqual(["from the first"]);
    expect(await other.unread()).toBe(0);
    for (const page of [alice, tab]) {
      await page.saved();
      expect((await page.stats()).refused).toEqual({});
    }

    await tab.goTo("end");
    await tab.type(" three", 50);
    await tab.saved();
    const crashed = tab.page.waitForEvent("crash");
    void tab.page.goto("chrome://crash").catch(() => undefined);
    await crashed;
    stage.forgive(/^Alice: the page crashed$/);
    await alice.hasText("one two three", SOON);
    await alice.reload();
    await alice.hasText("one two three");
  }),
);

test(
  "two tabs have a draft each, and keep them through a reload",
  play(async (stage) => {
    const alice = await stage.alone("Drafts");
    await alice.saved();
    const tab = await alice.tab();
    await tab.reopen("Drafts");
    const [first, second] = [await ChatPanel.of(alice), await ChatPanel.of(tab)];
    await first.field.fill("the first tab's");
    await becomes("the stored draft", () => alice.page.evaluate(drafts), "the first tab's");
    await second.field.pressSequentially("s");
    await becomes("both drafts", () => alice.page.evaluate(drafts), "s, the first tab's");
    await Promise.all([alice.reload(), tab.reload()]);
    for (const [chat, text] of [
      [first, "the first tab's"],
      [second, "s"],
    ] as const) {
      await chat.show();
      expect(await chat.field.inputValue()).toBe(text);
    }
    await second.field.press("Enter");
    await second.sees("s");
    await becomes("the draft that is left", () => alice.page.evaluate(drafts), "the first tab's");
  }),
);

/** How soon a tab shows what another has stored. */
const SOON = 5_000;

async function forget(tab: Person, title: string): Promise<void> {
  await tab.page.getByRole("button", { name: `Forget ${title}` }).click();
  const dialog = tab.page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Forget room" }).click();
}

/** The texts of all drafts, in order of the alphabet; runs in the page. */
function drafts(): string {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith("covey.chat."));
  const { drafts } = JSON.parse(localStorage.getItem(kept[0] ?? "") ?? "{}") as {
    drafts?: [string, string][];
  };
  return (drafts ?? [])
    .map(([, text]) => text)
    .sort()
    .join(", ");
}

/** How much is stored; runs in the page. */
function stored(): Promise<{ rooms: number; segments: number; chats: number }> {
  return new Promise((resolve) => {
    const opening = indexedDB.open("covey");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(["rooms", "segments"]);
      const [rooms, segments] = [
        transaction.objectStore("rooms").count(),
        transaction.objectStore("segments").count(),
      ];
      const chats = Object.keys(localStorage).filter((key) => key.startsWith("covey.chat."));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve({ rooms: rooms.result, segments: segments.result, chats: chats.length });
      };
    };
  });
}

/** Takes the first part of the only log away, or makes the record of the room unreadable; runs in the page. */
function damage(what: "log" | "record"): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("covey");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(["rooms", "segments"], "readwrite");
      const cursor = transaction.objectStore(what === "log" ? "segments" : "rooms").openCursor();
      cursor.onsuccess = () => {
        if (what === "log") cursor.result?.delete();
        else cursor.result?.update((cursor.result.value as Uint8Array).slice(0, 40));
      };
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
      transaction.onabort = () => reject(new Error("nothing to damage"));
    };
  });
}
