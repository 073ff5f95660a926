import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { MAIN, Pages, pagesOf } from "./pages";

function board() {
  const doc = new Y.Doc();
  const index = doc.getMap<unknown>("pages");
  const pages = new Pages(doc);
  pages.subscribe(() => undefined);
  return { doc, index, pages, names: () => pages.all().map(({ name }) => name) };
}

test("a board has a first page without anybody having made it", () => {
  const { pages, index } = board();
  expect(pages.all()).toEqual([{ id: MAIN, name: "Page 1", order: "a0" }]);
  expect(index.size).toBe(0);
});

test("pages are added behind, renamed, moved", () => {
  const { pages, names } = board();
  pages.add("two");
  pages.add("three");
  expect(names()).toEqual(["Page 1", "Page 2", "Page 3"]);
  pages.rename(MAIN, "  Sketch ");
  pages.move("three", 0);
  expect(names()).toEqual(["Page 3", "Sketch", "Page 2"]);
  pages.move("three", 2);
  expect(names()).toEqual(["Sketch", "Page 2", "Page 3"]);
});

test("a deleted page comes back with its name and place", () => {
  const { pages, names } = board();
  pages.add("two");
  const undo = pages.remove(MAIN);
  expect(names()).toEqual(["Page 2"]);
  undo?.();
  expect(names()).toEqual(["Page 1", "Page 2"]);
});

test("when every page is gone, the first one is shown", () => {
  const { pages } = board();
  pages.remove(MAIN);
  expect(pages.all().map(({ id }) => id)).toEqual([MAIN]);
});

test("a page can be put between two that were made at once and have one place", () => {
  const { pages, index } = board();
  for (const id of ["x", "y"]) index.set(id, { name: id, order: "a5" });
  pages.move(MAIN, 1);
  expect(pages.all().map(({ id }) => id)).toEqual(["x", MAIN, "y"]);
});

test("an empty name changes nothing", () => {
  const { pages, names } = board();
  pages.rename(MAIN, "   ");
  expect(names()).toEqual(["Page 1"]);
});

describe("other people's nonsense", () => {
  test.each<[string, unknown]>([
    ["no object", "x"],
    ["no name", { order: "a1" }],
    ["a blank name", { name: " ", order: "a1" }],
    ["a name that nobody can see", { name: "\u3164\u200b", order: "a1" }],
    ["no place", { name: "x" }],
    ["a place that is none", { name: "x", order: "!!" }],
  ])("%s is no page, and the first one stays", (_, value) => {
    const { index } = board();
    index.set("other", value);
    index.set(MAIN, value);
    expect(pagesOf(index)).toEqual([{ id: MAIN, name: "Page 1", order: "a0" }]);
  });

  test("an endless name is shown in part, in whole letters", () => {
    const { index } = board();
    index.set(MAIN, { name: "e\u0301".repeat(1_000), order: "a1" });
    expect(pagesOf(index)[0]?.name).toBe("e\u0301".repeat(64));
  });

  test("an id that is none is no page", () => {
    const { index } = board();
    index.set("../x", { name: "x", order: "a1" });
    expect(pagesOf(index)).toHaveLength(1);
  });
});
