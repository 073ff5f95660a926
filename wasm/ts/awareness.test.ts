import { expect, test } from "vitest";
import * as Y from "yjs";
import { encodedCursor, shownState } from "./awareness.js";

test("a cursor comes out as the editor put it in, and only in its own document", () => {
  const text = new Y.Doc().getText("file");
  text.insert(0, "words");
  const position = Y.createRelativePositionFromTypeIndex(text, 2);
  const cursor = encodedCursor({ anchor: position, head: position });
  const anchor = { item: position.item, assoc: position.assoc };
  const here = { name: "Bob", color: "#123456", document: "code", ...cursor };
  expect(shownState(here, "code")).toMatchObject({ user: { name: "Bob" }, cursor: { anchor, head: anchor } });
  expect(shownState(here, "chat")).not.toHaveProperty("cursor");
});

test("a cursor of someone else's making shows nothing and breaks nothing", () => {
  const hostile = new Uint8Array([9, 255, 255, 255]);
  const here = { name: "Eve", color: "#123456", document: "code", anchor: hostile, head: hostile };
  expect(shownState(here, "code")).toMatchObject({ user: { name: "Eve" } });
  for (const cursor of [null, "cursor", {}, { anchor: {} }]) expect(encodedCursor(cursor)).toBeUndefined();
});
