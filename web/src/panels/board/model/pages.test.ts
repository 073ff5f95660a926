import { expect, test } from "vitest";
import * as Y from "yjs";
import { freeName, MAIN, pagesIn } from "./pages";

test("a board has a first page without anybody having made it", () => {
  const doc = new Y.Doc();
  expect(pagesIn(doc).all()).toEqual([{ id: MAIN, name: "Page 1", order: "a0" }]);
  expect(doc.getMap("pages").size).toBe(0);
});

test("a new page is named by its number, or the next free one", () => {
  const pages = ["Page 1", "Page 3"].map((name) => ({ id: name, name, order: "a0" }));
  expect(freeName(pages)).toBe("Page 4");
  expect(freeName(pages.slice(0, 1))).toBe("Page 2");
});
