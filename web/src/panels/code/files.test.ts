import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import {
  addFile,
  FILES,
  cleaned,
  deleteFile,
  filesIn,
  freeName,
  moveFile,
  renameFile,
  restoreFile,
  textOf,
  watchFiles,
} from "./files";

const names = (doc: Y.Doc) => filesIn(doc).map(({ name }) => name);

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

function withFiles(...wanted: string[]): { doc: Y.Doc; ids: string[] } {
  const doc = new Y.Doc();
  return { doc, ids: wanted.map((name) => addFile(doc, name)) };
}

test("there is a main file before anybody made one, and looking writes nothing", () => {
  const doc = new Y.Doc();
  expect(filesIn(doc)).toEqual([{ id: "main", name: "main.js", order: "a0" }]);
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(new Y.Doc()));
});

test("new files stand at the end", () => {
  const { doc } = withFiles("b.py", "a.rs");
  expect(names(doc)).toEqual(["main.js", "b.py", "a.rs"]);
});

test("a file is renamed at its place", () => {
  const { doc } = withFiles("b.py");
  renameFile(doc, "main", "  first.ts ");
  renameFile(doc, "main", " ");
  renameFile(doc, "nobody", "x");
  expect(names(doc)).toEqual(["first.ts", "b.py"]);
});

test.each([
  [0, 2, "b c main.js"],
  [2, 0, "c main.js b"],
  [1, 2, "main.js c b"],
  [1, 1, "main.js b c"],
  [1, 7, "main.js b c"],
])("the file at %i moves to %i", (from, to, wanted) => {
  const { doc } = withFiles("b", "c");
  moveFile(doc, filesIn(doc)[from]?.id ?? "", to);
  expect(names(doc).join(" ")).toBe(wanted);
});

test("moving works among keys that are equal or none at all", () => {
  const doc = new Y.Doc();
  const index = doc.getMap("files");
  for (const [id, order] of [
    ["main", "a1"],
    ["x", "a1"],
    ["y", "a1"],
    ["z", "~"],
  ] as const)
    index.set(id, { name: id, order });
  expect(names(doc)).toEqual(["main", "x", "y", "z"]);
  moveFile(doc, "z", 1);
  expect(names(doc)).toEqual(["main", "z", "x", "y"]);
  index.set("z", { name: "z", order: "~" });
  addFile(doc, "new");
  expect(names(doc)).toEqual(["main", "x", "y", "z", "new"]);
});

test("a deleted file is away and comes back as it was", () => {
  const { doc, ids } = withFiles("b", "c");
  const [b = ""] = ids;
  textOf(doc, b).insert(0, "kept");
  deleteFile(doc, b);
  expect(names(doc)).toEqual(["main.js", "c"]);
  restoreFile(doc, b);
  expect(names(doc)).toEqual(["main.js", "b", "c"]);
  expect(textOf(doc, b).toJSON()).toBe("kept");
});

test("when all are deleted the main file is there again", () => {
  const { doc, ids } = withFiles("b");
  renameFile(doc, "main", "first.ts");
  for (const id of ["main", ...ids]) deleteFile(doc, id);
  expect(names(doc)).toEqual(["first.ts"]);
});

test("two people's files, moves and names agree on both sides", () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  addFile(a, "one");
  addFile(b, "two");
  exchange(a, b);
  expect(filesIn(a)).toEqual(filesIn(b));
  moveFile(a, "main", 2);
  renameFile(b, filesIn(b)[1]?.id ?? "", "other");
  addFile(b, "three");
  exchange(a, b);
  expect(filesIn(a)).toEqual(filesIn(b));
  expect([...names(a)].sort()).toContain("three");
  expect(names(a)).toHaveLength(4);
});

test("watching tells of changes of the index and of nothing else", () => {
  const { doc } = withFiles();
  let told = 0;
  const stop = watchFiles(doc, () => (told += 1));
  textOf(doc, "main").insert(0, "text");
  expect(told).toBe(0);
  addFile(doc, "b");
  expect(told).toBe(1);
  stop();
  addFile(doc, "c");
  expect(told).toBe(1);
});

describe("entries of someone else's making", () => {
  test.each([
    ["no entry", 7],
    ["null", null],
    ["no name", { order: "a1" }],
    ["a name of nothing", { name: "\u202e\n ", order: "a1" }],
    ["an order that is none", { name: "x", order: 5 }],
    ["an endless order", { name: "x", order: "a".repeat(300) }],
    ["a text", "x"],
  ])("%s is no file", (_, entry) => {
    const doc = new Y.Doc();
    doc.getMap("files").set("evil", entry);
    expect(names(doc)).toEqual(["main.js"]);
  });

  test("an id that no root can have is no file", () => {
    const doc = new Y.Doc();
    doc.getMap("files").set("../x", { name: "x", order: "a1" });
    expect(names(doc)).toEqual(["main.js"]);
  });

  test("a long name is cut, and what turns the line round is taken out", () => {
    expect(cleaned("x".repeat(500))).toHaveLength(80);
    expect(cleaned("a\u202egpj.exe\n")).toBe("agpj.exe");
  });
});

test("a free name counts on before the ending", () => {
  const files = ["untitled.js", "untitled-2.js", "Makefile"].map((name) => ({ id: name, name, order: "a0" }));
  expect(freeName(files, "untitled.js")).toBe("untitled-3.js");
  expect(freeName(files, "Makefile")).toBe("Makefile-2");
  expect(freeName(files, "new.py")).toBe("new.py");
});

test("an index of somebody's making shows so many files and no more", () => {
  const doc = new Y.Doc();
  const index = doc.getMap("files");
  for (let n = 0; n < 2 * FILES; n++) index.set(`f${n}`, { name: `${n}.js`, order: "a0" });
  expect(filesIn(doc)).toHaveLength(FILES);
});
