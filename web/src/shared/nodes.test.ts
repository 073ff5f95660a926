import { expect, test } from "vitest";
import { nodesIn } from "./nodes";

test("the nodes that a file names are taken as they are written", () => {
  expect(nodesIn('{ "nodes": ["node.example.org", "/dns/b/tcp/1/ws"] }')).toEqual([
    "node.example.org",
    "/dns/b/tcp/1/ws",
  ]);
  expect(nodesIn(JSON.stringify({ nodes: Array(20).fill("a") }))).toHaveLength(8);
});

test.each([
  "",
  "<!doctype html>",
  "null",
  "[]",
  '{ "nodes": "a" }',
  '{ "nodes": [1, null, {}] }',
  '{ "version": 1, "peer_id": "12D3", "addresses": ["/ip4/127.0.0.1/tcp/1/ws"] }',
])("%j names no nodes", (file) => {
  expect(nodesIn(file)).toEqual([]);
});
