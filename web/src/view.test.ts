/** The provider between a document and the engine, with an engine that speaks at the worst moment. */
import { expect, test } from "vitest";
import * as Y from "yjs";
import { Presences } from "../../wasm/ts/presence";
import { Spoken } from "../../wasm/ts/spoken";
import { View } from "../../wasm/ts/view";

type Engine = ConstructorParameters<typeof View>[1];

test("what others wrote waits until the document has told its own events", async () => {
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

test("what comes at once is one event", () => {
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
