/** The parts of the engine's package that need no module: links as addresses, nodes, what others say of themselves. */
import { expect, test } from "vitest";
import * as Y from "yjs";
import { encodedCursor, shownState } from "../../wasm/ts/awareness";
import { linkOn, pageOfLink } from "../../wasm/ts/link";
import { nodesOf } from "../../wasm/ts/nodes";

test("a link is the page without its query, and the capability", () => {
  expect(linkOn("https://a.example/b/?c=d#e", "CAP")).toBe("https://a.example/b/#CAP");
  expect(pageOfLink(" https://a.example/b/#CAP")).toBe("https://a.example/b/");
  expect(pageOfLink("#CAP")).toBeUndefined();
  expect(pageOfLink("CAP")).toBeUndefined();
});

test("a page's own origin is a node, in the form of its address", () => {
  const page = (protocol: string, hostname: string, port = "") => nodesOf({ protocol, hostname, port });
  expect(page("https:", "covey.example")).toEqual(["/dns/covey.example/tcp/443/tls/ws"]);
  expect(page("http:", "127.0.0.1", "8080")).toEqual(["/ip4/127.0.0.1/tcp/8080/ws"]);
  expect(page("http:", "[::1]")).toEqual(["/ip6/::1/tcp/80/ws"]);
  expect(page("file:", "")).toEqual([]);
});

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
