import { beforeEach, expect, test, vi } from "vitest";
import type { Page } from "./drafts";
import { forgetRoom, rewriteOpenRooms } from "../../shared/roomMemory";
import { Memory } from "./memory";

const store = new Map<string, string>();
const ROOM = "room";
let told: ((event: { key: string; newValue: string | null }) => void)[] = [];

beforeEach(() => {
  store.clear();
  told = [];
  vi.stubGlobal("localStorage", {
    get length() {
      return store.size;
    },
    key: (at: number) => [...store.keys()][at] ?? null,
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  });
  vi.stubGlobal("addEventListener", (event: string, listener: (typeof told)[number]) => {
    if (event === "storage") told.push(listener);
  });
  vi.stubGlobal("removeEventListener", () => undefined);
});

/** The memory of one page load. */
function page(id: string, before?: string): Memory {
  return new Memory(ROOM, { id, before } satisfies Page);
}

function draft(memory: Memory, text: string): void {
  memory.setDraft("", text);
  memory.flush();
}

test("a draft in a second tab takes nothing from the first, and each finds its own again", () => {
  const [first, second] = [page("1"), page("2")];
  draft(first, "a letter to Bob");
  draft(second, "s");
  draft(second, "second");
  expect(page("3", "1").draft("")).toBe("a letter to Bob");
  expect(page("4", "2").draft("")).toBe("second");
});

test("a new tab goes on with the newest draft, as a copy until it is sent or emptied", () => {
  const first = page("1");
  draft(first, "half");
  const second = page("2");
  expect(second.draft("")).toBe("half");
  draft(second, "half a line");
  expect(page("3", "1").draft("")).toBe("half");
  draft(second, "");
  expect(page("4").draft("")).toBe("");
});

test("a draft that its own tab still has is there again, even if another tab changed the copy", () => {
  const first = page("1");
  draft(first, "half");
  draft(page("2"), "");
  draft(first, "half");
  expect(page("3", "1").draft("")).toBe("half");
});

test("a page that was loaded anew goes on with its draft, which is not kept twice", () => {
  draft(page("1"), "half");
  const again = page("2", "1");
  draft(again, "half a line");
  draft(again, "");
  expect(page("3").draft("")).toBe("");
});

test("drafts of the version before are read, and go on as one's own", () => {
  store.set(`covey.chat.${ROOM}`, JSON.stringify({ since: 1, drafts: [["", "old"]] }));
  const now = page("1");
  expect(now.draft("")).toBe("old");
  draft(now, "new");
  draft(now, "");
  expect(page("2").draft("")).toBe("");
});

const at = Number.MAX_SAFE_INTEGER;

test("a message read in one tab stays read though the other tab writes later", () => {
  const [first, second] = [page("1"), page("2")];
  first.see({ id: "7.9", client: 7, clock: 9, lamport: 1 });
  first.confirm(12);
  first.begin();
  first.flush();
  second.see({ id: "8.1", client: 8, clock: 1, lamport: 1 });
  second.flush();
  const after = page("3");
  expect(after.hasSeen({ id: "7.9", client: 7, clock: 9, lamport: 1, at })).toBe(true);
  expect(after.hasSeen({ id: "8.1", client: 8, clock: 1, lamport: 1, at })).toBe(true);
  expect(after.confirmed).toBe(12);
});

test("a reply that was read in one tab is not unread again by the other", () => {
  const first = page("1");
  for (const clock of [1, 2]) first.putOff(`7.${clock}`);
  first.see({ id: "7.3", client: 7, clock: 3, lamport: 1 });
  first.flush();
  const second = page("2");
  first.see({ id: "7.1", client: 7, clock: 1, lamport: 1 });
  first.flush();
  second.putOff("7.5");
  second.flush();
  const after = page("3");
  const seen = (clock: number) => after.hasSeen({ id: `7.${clock}`, client: 7, clock, lamport: 1, at });
  expect([1, 2, 3, 5].map(seen)).toEqual([true, false, true, false]);
});

test("a tab knows at once what another has read", () => {
  const [first, second] = [page("1"), page("2")];
  first.see({ id: "7.9", client: 7, clock: 9, lamport: 1 });
  first.flush();
  for (const tell of told) tell({ key: `covey.chat.${ROOM}`, newValue: "{}" });
  expect(second.hasSeen({ id: "7.9", client: 7, clock: 9, lamport: 1, at })).toBe(true);
});

test("a draft that another tab wrote back while it was sent goes again", () => {
  const [first, second] = [page("1"), page("2")];
  draft(second, "half");
  const before = store.get(`covey.chat.${ROOM}`) ?? "";
  draft(second, "");
  // The other tab writes what it had read before.
  store.set(`covey.chat.${ROOM}`, before);
  for (const tell of told) tell({ key: `covey.chat.${ROOM}`, newValue: before });
  second.flush();
  expect(page("3").draft("")).toBe("");
  first.flush();
  expect(page("4").draft("")).toBe("");
});

test("a page writes nothing of a forgotten room, and all of a room that the browser deleted", () => {
  const memory = page("1");
  draft(memory, "half");
  store.clear();
  rewriteOpenRooms();
  expect(page("2").draft("")).toBe("half");
  forgetRoom(ROOM);
  draft(memory, "more");
  expect(store.size).toBe(0);
  expect(page("3").draft("")).toBe("");
});
