import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { OrderedIndex, type IndexKind } from "./orderedIndex";

const KIND: IndexKind = {
  root: "files",
  first: { id: "main", name: "main.js" },
  name: { letters: 80, bytes: 992 },
  most: 20,
};

const indexOf = (doc: Y.Doc) => new OrderedIndex(doc, KIND);
const names = (index: OrderedIndex) => index.all().map(({ name }) => name);

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

function made(...wanted: string[]): { doc: Y.Doc; index: OrderedIndex; ids: string[] } {
  const doc = new Y.Doc();
  const index = indexOf(doc);
  return { doc, index, ids: wanted.map((name) => index.add(name) ?? "") };
}

test("a first entry exists before anybody made one, and reading writes nothing", () => {
  const doc = new Y.Doc();
  expect(indexOf(doc).all()).toEqual([{ id: "main", name: "main.js", order: "a0" }]);
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(new Y.Doc()));
});

test("an index may be empty", () => {
  const index = new OrderedIndex(new Y.Doc(), { root: "notes", name: KIND.name, most: 9 });
  expect(index.all()).toEqual([]);
  const id = index.add("milk");
  index.add("bread");
  expect(names(index)).toEqual(["milk", "bread"]);
  index.remove(id ?? "");
  expect(names(index)).toEqual(["bread"]);
});

test("new entries stand at the end", () => {
  expect(names(made("b.py", "a.rs").index)).toEqual(["main.js", "b.py", "a.rs"]);
});

test("an entry is renamed at its place", () => {
  const { index } = made("b.py");
  index.rename("main", "  first.ts ");
  index.rename("main", " ");
  index.rename("nobody", "x");
  expect(names(index)).toEqual(["first.ts", "b.py"]);
});

test.each([
  [0, 2, "b c main.js"],
  [2, 0, "c main.js b"],
  [1, 2, "main.js c b"],
  [1, 1, "main.js b c"],
  [1, 7, "main.js b c"],
  [1, -1, "main.js b c"],
])("the entry at %i moves to %i", (from, to, wanted) => {
  const { index } = made("b", "c");
  index.move(index.all()[from]?.id ?? "", to);
  expect(names(index).join(" ")).toBe(wanted);
});

test("moving works among places that are equal or none at all", () => {
  const doc = new Y.Doc();
  const map = doc.getMap("files");
  for (const [id, order] of [
    ["main", "a1"],
    ["x", "a1"],
    ["y", "a1"],
    ["z", "~"],
  ] as const)
    map.set(id, { name: id, order });
  const index = indexOf(doc);
  expect(names(index)).toEqual(["main", "x", "y", "z"]);
  index.move("z", 1);
  expect(names(index)).toEqual(["main", "z", "x", "y"]);
  map.set("z", { name: "z", order: "~" });
  index.add("new");
  expect(names(index)).toEqual(["main", "x", "y", "z", "new"]);
});

test("a removed entry is hidden, and comes back with later changes", () => {
  const { index, ids } = made("b", "c");
  const undo = index.remove(ids[0] ?? "");
  expect(names(index)).toEqual(["main.js", "c"]);
  undo?.();
  expect(names(index)).toEqual(["main.js", "b", "c"]);
  index.rename(ids[0] ?? "", "d");
  undo?.();
  expect(names(index)).toEqual(["main.js", "d", "c"]);
});

test("the first entry is back under its name when all are removed", () => {
  const { index, ids } = made("b");
  index.rename("main", "first.ts");
  for (const id of ["main", ...ids]) index.remove(id);
  expect(names(index)).toEqual(["first.ts"]);
});

test("no more entries than the limit are added", () => {
  const { index } = made(...Array.from({ length: 19 }, (_, n) => `${n}`));
  expect(index.add("one more")).toBeUndefined();
  expect(index.all()).toHaveLength(20);
});

test("two people's entries, moves and names agree on both sides", () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const [ours, theirs] = [indexOf(a), indexOf(b)];
  ours.add("one");
  theirs.add("two");
  exchange(a, b);
  expect(ours.all()).toEqual(theirs.all());
  ours.move("main", 2);
  theirs.rename(theirs.all()[1]?.id ?? "", "other");
  theirs.add("three");
  exchange(a, b);
  expect(ours.all()).toEqual(theirs.all());
  expect(names(ours)).toContain("three");
  expect(names(ours)).toHaveLength(4);
});

test("watchers are notified of changes of the index alone, and the list is the same object without any", () => {
  const { doc, index } = made();
  let told = 0;
  const stop = index.subscribe(() => (told += 1));
  const before = index.all();
  doc.getText("file/main").insert(0, "text");
  expect(told).toBe(0);
  expect(index.all()).toBe(before);
  index.add("b");
  expect(told).toBe(1);
  expect(index.all()).not.toBe(before);
  stop();
  index.add("c");
  expect(told).toBe(1);
  expect(names(index)).toEqual(["main.js", "b", "c"]);
});

describe("hostile entries", () => {
  test.each([
    ["no entry", 7],
    ["null", null],
    ["a text", "x"],
    ["no name", { order: "a1" }],
    ["a blank name", { name: " ", order: "a1" }],
    ["a name that nobody can see", { name: "\u3164\u200b\u202e\n ", order: "a1" }],
    ["no place", { name: "x" }],
    ["a place that is none", { name: "x", order: 5 }],
    ["an endless place", { name: "x", order: "a".repeat(300) }],
  ])("%s is no entry, and the first one stays", (_, entry) => {
    const doc = new Y.Doc();
    for (const id of ["evil", "main"]) doc.getMap("files").set(id, entry);
    expect(indexOf(doc).all()).toEqual([{ id: "main", name: "main.js", order: "a0" }]);
  });

  test.each(["../x", "constructor", "", "x".repeat(65)])("%j is no id", (id) => {
    const doc = new Y.Doc();
    doc.getMap("files").set(id, { name: "x", order: "a1" });
    expect(names(indexOf(doc))).toEqual(["main.js"]);
  });

  test("a long name is cut, in whole letters, and what turns the line round is taken out", () => {
    const index = indexOf(new Y.Doc());
    expect(index.cleaned("x".repeat(500))).toHaveLength(80);
    expect(index.cleaned("e\u0301".repeat(1_000))).toBe("e\u0301".repeat(80));
    expect(index.cleaned("a\u202egpj.exe\n")).toBe("agpj.exe");
  });

  test("no more entries than the limit are shown", () => {
    const doc = new Y.Doc();
    for (let n = 0; n < 50; n += 1) doc.getMap("files").set(`f${n}`, { name: `${n}.js`, order: "a0" });
    expect(indexOf(doc).all()).toHaveLength(20);
  });
});
