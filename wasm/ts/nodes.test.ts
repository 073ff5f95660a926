import { expect, test } from "vitest";
import { addresses, nodeAddress, nodesOf } from "./nodes.js";

test("a page's own origin is a node, in the form of its address", () => {
  const page = (protocol: string, hostname: string, port = "") => nodesOf({ protocol, hostname, port });
  expect(page("https:", "covey.example")).toEqual(["/dns/covey.example/tcp/443/tls/ws"]);
  expect(page("http:", "127.0.0.1", "8080")).toEqual(["/ip4/127.0.0.1/tcp/8080/ws"]);
  expect(page("http:", "[::1]")).toEqual(["/ip6/::1/tcp/80/ws"]);
  expect(page("file:", "")).toEqual([]);
});

test.each([
  ["node.example.org", "/dns/node.example.org/tcp/443/tls/ws"],
  [" https://node.example.org/ ", "/dns/node.example.org/tcp/443/tls/ws"],
  ["node.example.org:8443", "/dns/node.example.org/tcp/8443/tls/ws"],
  ["wss://node.example.org:9", "/dns/node.example.org/tcp/9/tls/ws"],
  ["ws://10.0.0.7:8080", "/ip4/10.0.0.7/tcp/8080/ws"],
  ["localhost:8080", "/dns/localhost/tcp/8080/ws"],
  ["127.0.0.1:8080", "/ip4/127.0.0.1/tcp/8080/ws"],
  ["[::1]:8080", "/ip6/::1/tcp/8080/ws"],
  ["/dns4/a.example/tcp/443/tls/ws", "/dns4/a.example/tcp/443/tls/ws"],
  ["/ip4/1.2.3.4/tcp/1/ws/p2p/12D3KooW", "/ip4/1.2.3.4/tcp/1/ws/p2p/12D3KooW"],
])("%j is the node %s", (text, address) => {
  expect(nodeAddress(text)).toBe(address);
});

test.each([
  ...[
    "",
    " ",
    "a b",
    "https://",
    "https://a%20b",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://a.example/path",
  ],
  ...["https://a.example/?q", "https://a.example/#f", "https://me@a.example", "/dns/a/tcp/1", "/unix/a/ws"],
  ...[`https://${"a".repeat(300)}.example`],
])("%j is no node", (text) => {
  expect(nodeAddress(text)).toBeUndefined();
  expect(() => addresses(["node.example.org", text])).toThrow(
    expect.objectContaining({ code: "node-invalid", details: { node: text } }),
  );
});
