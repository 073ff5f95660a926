/** The provider between a document and the engine, with an engine that speaks at the worst moment. */
import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import { Presences } from "./presence.js";
import { Spoken } from "./spoken.js";
import { View } from "./view.js";

type Engine = ConstructorParameters<typeof View>[1];

test("updates of others wait until the document has emitted its own events", async () => {
  const other = new Y.Doc();
  other.getArray("list").push(["theirs"]);
  const engine = {
    clientId: 7,
    state: () => Y.encodeStateAsUpdate(new Y.Doc()),
    edit: () => undefined,
    say: () => view.apply([Y.encodeStateAsUpdate(other)]),
    clearCaret: () => undefined,
  };
  const view = new View("chat", engine as unknown as Engine, new Presences(), new Spoken());
  const list = view.doc.getArray("list");
  const told: unknown[] = [];
  list.observe((event) => {
    if (told.length === 0) view.say("typing", null);
    told.push([...event.changes.added].flatMap((item) => item.content.getContent() as unknown[]));
  });
  list.push(["own"]);
  expect(told).toEqual([["own"]]);
  await Promise.resolve();
  expect(told).toEqual([["own"], ["theirs"]]);
  expect(new Set(list.toArray())).toEqual(new Set(["own", "theirs"]));
});

test("updates that come together are one event", () => {
  const other = new Y.Doc();
  const updates: Uint8Array[] = [];
  other.on("update", (update: Uint8Array) => updates.push(update));
  for (const value of ["one", "two", "three"]) other.getArray("list").push([value]);
  const engine = {
    clientId: 7,
    state: () => Y.encodeStateAsUpdate(new Y.Doc()),
    edit: () => expect.unreachable("what others wrote is no edit of one's own"),
  };
  const view = new View("chat", engine as unknown as Engine, new Presences(), new Spoken());
  const list = view.doc.getArray("list");
  let events = 0;
  list.observe(() => (events += 1));
  view.apply(updates);
  expect(updates.length).toBe(3);
  expect([events, ...list.toArray()]).toEqual([1, "one", "two", "three"]);
});

/** A view whose engine keeps what it is handed, and does something with it. */
function viewed(take?: (update: Uint8Array) => void) {
  const handed: Uint8Array[] = [];
  const parts = vi.fn<(update: Uint8Array) => Uint8Array[]>(() => []);
  const engine = {
    parts,
    clientId: 7,
    state: () => Y.encodeStateAsUpdate(new Y.Doc()),
    edit: (_: string, update: Uint8Array) => {
      handed.push(update);
      take?.(update);
    },
    clearCaret: () => undefined,
  };
  const view = new View("code", engine as unknown as Engine, new Presences(), new Spoken());
  return { view, handed, engine };
}

const LONG = "long ".repeat(50_000);

test("a large edit is handed to the engine in a task of its own, and later edits come after it", async () => {
  const { view, handed } = viewed();
  const text = view.doc.getText("file/main");
  text.insert(0, "short ");
  expect(handed.length).toBe(1);
  text.insert(6, LONG);
  text.insert(0, "first ");
  expect(handed.length).toBe(1);
  await vi.waitUntil(() => handed.length > 1);
  const copy = new Y.Doc();
  for (const update of handed) Y.applyUpdate(copy, update);
  expect(copy.getText("file/main").toJSON()).toBe(`first short ${LONG}`);
  expect(copy.store.pendingStructs).toBeNull();
});

const HUGE = "huge ".repeat(200_000);

test("a huge edit is handed to the engine in its parts, a few a task, and later edits come after all", async () => {
  const turns: number[] = [];
  let turn = 0;
  const { view, handed, engine } = viewed(() => {
    turns.push(turn);
    // Runs when this task is over.
    queueMicrotask(() => (turn += 1));
  });
  const half = new Y.Doc();
  const parts: Uint8Array[] = [];
  half.on("update", (update: Uint8Array) => parts.push(update));
  half.clientID = 7;
  for (let at = 0; at < HUGE.length; at += 250_000)
    half.getText("file/main").insert(at, HUGE.slice(at, at + 250_000));
  engine.parts.mockReturnValueOnce(parts);
  const text = view.doc.getText("file/main");
  text.insert(0, HUGE);
  text.insert(HUGE.length, "after");
  await vi.waitUntil(() => handed.length === 5);
  expect(engine.parts).toHaveBeenCalledOnce();
  expect(parts.map((part, n) => part === handed[n])).toEqual([true, true, true, true]);
  expect(new Set(turns.slice(0, 4)).size, "each part is a task of its own").toBe(4);
  const copy = new Y.Doc();
  for (const update of handed) Y.applyUpdate(copy, update);
  expect(copy.getText("file/main").toJSON()).toBe(`${HUGE}after`);
});

test("a huge edit that has no parts is handed over as it is", async () => {
  const { view, handed, engine } = viewed();
  view.doc.getMap("map").set("value", HUGE);
  view.doc.getMap("map").set("next", 1);
  await vi.waitUntil(() => handed.length === 2);
  expect(engine.parts).toHaveBeenCalledOnce();
});

test("the rest of a huge edit is not handed over if its second part is refused", async () => {
  const { view, handed, engine } = viewed((update) => update[0] === 2 && view.reject());
  const refused = vi.fn();
  view.on("rejected", refused);
  engine.parts.mockReturnValueOnce([1, 2, 3].map((n) => new Uint8Array(100_000).fill(n)));
  view.doc.getText("file/main").insert(0, HUGE);
  await vi.waitUntil(() => refused.mock.calls.length > 0);
  expect(handed.map(([first]) => first)).toEqual([1, 2]);
});

test("waiting edits are handed over before a view ends", () => {
  const { view, handed } = viewed();
  view.doc.getText("file/main").insert(0, LONG);
  expect(handed.length).toBe(0);
  view.destroy();
  expect(handed.length).toBe(1);
});

test("very many updates of others are applied in parts, each in a task of its own", async () => {
  const { view } = viewed();
  const text = view.doc.getText("file/main");
  const other = new Y.Doc();
  const updates: Uint8Array[] = [];
  other.on("update", (update: Uint8Array) => updates.push(update));
  for (let part = 0; part < 8; part += 1) other.getText("file/main").insert(0, LONG.slice(0, 20_000));
  const lengths: number[] = [];
  text.observe(() => lengths.push(text.length));
  view.apply(updates);
  expect(lengths).toEqual([]);
  other.getText("file/main").insert(0, "last");
  view.apply(updates.slice(-1));
  await vi.waitUntil(() => text.length === 160_004);
  expect(lengths.length).toBeGreaterThan(1);
  expect(text.toJSON()).toBe(other.getText("file/main").toJSON());
});

test("an edit made while the engine takes a large one comes after it", async () => {
  const { view, handed } = viewed((update) => {
    if (update.length > 100_000) view.doc.getText("file/main").insert(0, "meanwhile ");
  });
  const text = view.doc.getText("file/main");
  text.insert(0, LONG);
  text.insert(0, "second ");
  await vi.waitUntil(() => handed.length === 3);
  expect(handed.map((update) => update.length > 100_000)).toEqual([true, false, false]);
  const copy = new Y.Doc();
  for (const update of handed) {
    Y.applyUpdate(copy, update);
    expect(copy.store.pendingStructs).toBeNull();
  }
  expect(copy.getText("file/main").toJSON()).toBe(`meanwhile second ${LONG}`);
});

test("edits that build on a refused large edit are not handed over", async () => {
  const { view, handed } = viewed(() => view.reject());
  const refused = vi.fn();
  view.on("rejected", refused);
  const text = view.doc.getText("file/main");
  text.insert(0, LONG);
  text.insert(0, "upon it ");
  await vi.waitUntil(() => refused.mock.calls.length > 0);
  expect(handed.length).toBe(1);
});
