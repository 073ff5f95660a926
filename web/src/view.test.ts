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
