import { expect, test } from "vitest";
import * as Y from "yjs";
import { filesIn, freeName, textOf } from "./files";

test("there is a main file before anybody made one", () => {
  const doc = new Y.Doc();
  expect(filesIn(doc).all()).toEqual([{ id: "main", name: "main.js", order: "a0" }]);
});

test("the text of a deleted file stays, and comes back with it", () => {
  const doc = new Y.Doc();
  const files = filesIn(doc);
  const id = files.add("b") ?? "";
  textOf(doc, id).insert(0, "kept");
  files.remove(id)?.();
  expect(files.all().map(({ name }) => name)).toEqual(["main.js", "b"]);
  expect(textOf(doc, id).toJSON()).toBe("kept");
});

test("a free name counts on before the ending", () => {
  const files = ["untitled.js", "untitled-2.js", "Makefile"].map((name) => ({ id: name, name, order: "a0" }));
  expect(freeName(files, "untitled.js")).toBe("untitled-3.js");
  expect(freeName(files, "Makefile")).toBe("Makefile-2");
  expect(freeName(files, "new.py")).toBe("new.py");
});
