import { expect, test } from "vitest";
import type { Tool } from "../engine";
import { ALL, linkIsFor, mayUse, mayWriteIn, toolOf } from "./rights";

const documents = ["chat", "board", "code", "custom/notes"];
const open = (role: Parameters<typeof mayWriteIn>[0]["role"], tools: ReadonlySet<Tool>) =>
  documents.filter((document) => mayWriteIn({ role, tools }, document));

test("a role that writes does so in the parts that its link opens", () => {
  expect(open("owner", ALL)).toEqual(documents);
  expect(open("participant", new Set(["chat"]))).toEqual(["chat"]);
  expect(open("participant", new Set(["code", "custom"]))).toEqual(["code", "custom/notes"]);
  expect(open("participant", new Set())).toEqual([]);
});

test("a viewer writes nowhere, in spite of the tools of the link", () => {
  expect(open("viewer", ALL)).toEqual([]);
  expect(open("replica", ALL)).toEqual([]);
});

test("a role that writes speaks and shares where its link is for it", () => {
  expect(mayUse({ role: "participant", tools: new Set<Tool>(["call"]) }, "call")).toBe(true);
  expect(mayUse({ role: "participant", tools: new Set<Tool>(["call"]) }, "screen")).toBe(false);
  expect(mayUse({ role: "viewer", tools: ALL }, "call")).toBe(false);
});

test("every document belongs to one part", () => {
  expect(documents.map(toolOf)).toEqual(["chat", "board", "code", "custom"]);
});

test.each<[Tool[], string]>([
  [["chat"], "your link is for the chat"],
  [["chat", "board"], "your link is for the chat and the board"],
  [["chat", "board", "code"], "your link is for the chat, the board, and the code"],
  [["chat", "call"], "your link is for the chat and the call"],
  [["call", "screen"], "your link is for the call and sharing screens"],
  [[], "your link is for looking"],
])("a link for %j says so", (tools, said) => {
  expect(linkIsFor({ role: "participant", tools: new Set(tools) })).toBe(said);
});
