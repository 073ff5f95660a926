import { expect, test } from "vitest";
import type { SceneElement } from "../codec/element";
import { sample } from "../codec/samples";
import { exchange, pair } from "./desk";
import { mended } from "./ties";

const free = { groupIds: [], boundElements: null };
const box = (id: string, changes: Partial<SceneElement> = {}) => sample("box", { id, ...free, ...changes });
const label = (id: string, containerId: string, changes: Partial<SceneElement> = {}) =>
  sample("label", { id, ...free, containerId, ...changes });
const arrow = (id: string, from: string | null, to: string | null) =>
  sample("arrow", { id, ...free, startBinding: end(from), endBinding: end(to) });
const end = (elementId: string | null) => elementId && { elementId, focus: 0, gap: 1 };
const bound = (...ids: string[]) => ids.map((id) => ({ id, type: id.startsWith("t") ? "text" : "arrow" }));

const of = (id: string, elements: readonly SceneElement[]) => elements.find((each) => each.id === id);

test("ties to existing elements are left as they are, and so are the objects", () => {
  const all = [
    box("b", { boundElements: bound("t", "a"), groupIds: ["g"] }),
    label("t", "b", { groupIds: ["g"] }),
    arrow("a", "b", null),
    box("c", { groupIds: ["g"], frameId: "f" }),
    sample("frame", { id: "f", ...free }),
  ];
  expect(mended(all)).toEqual(all);
  mended(all).forEach((element, i) => expect(element).toBe(all[i]));
});

test("ties to missing elements are left out", () => {
  const all = mended([
    label("t", "gone", { frameId: "gone", groupIds: ["g"] }),
    arrow("a", "gone", "b"),
    box("b", { boundElements: bound("gone", "t", "a", "a"), groupIds: ["g", "of one"] }),
  ]);
  expect(of("t", all)).toMatchObject({ containerId: null, frameId: null, groupIds: ["g"] });
  expect(of("a", all)).toMatchObject({ startBinding: null, endBinding: end("b") });
  expect(of("b", all)).toMatchObject({ boundElements: bound("a"), groupIds: ["g"] });
});

test("a box and its label alone are no group", () => {
  const all = mended([
    box("b", { boundElements: bound("t"), groupIds: ["g"] }),
    label("t", "b", { groupIds: ["g"] }),
  ]);
  expect(all.map(({ groupIds }) => groupIds)).toEqual([[], []]);
});

test("a box that was moved while it got a label and an arrow has them all the same", () => {
  const all = mended([box("b"), label("t", "b"), arrow("a", null, "b")]);
  expect(of("b", all)?.boundElements).toEqual(bound("a", "t"));
  expect(of("t", all)?.containerId).toBe("b");
});

test("of two labels that two people gave one box, the box names its own, and the other is free", () => {
  const labels = [label("t1", "b"), label("t2", "b")];
  expect(mended([box("b", { boundElements: bound("t2") }), ...labels])).toMatchObject([
    { boundElements: bound("t2") },
    { containerId: null },
    { containerId: "b" },
  ]);
  expect(mended([box("b"), ...labels])).toMatchObject([
    { boundElements: bound("t1") },
    { containerId: "b" },
    { containerId: null },
  ]);
});

test("an element that can hold nothing holds nothing", () => {
  const all = mended([
    label("t", "s", { frameId: "b" }),
    arrow("a", "s", null),
    sample("stroke", { id: "s", ...free }),
    box("b"),
  ]);
  expect(of("t", all)).toMatchObject({ containerId: null, frameId: null });
  expect(of("a", all)?.startBinding).toBeNull();
});

test("an element that somebody is editing exists, and one that they deleted does not", () => {
  const stored = [box("b", { boundElements: bound("t") })];
  expect(mended(stored, [label("t", "b")])).toEqual(stored);
  expect(mended(stored, [label("t", "b", { isDeleted: true })])).toMatchObject([{ boundElements: [] }]);
});

test("a label whose box another deleted meanwhile is free for everybody, and nobody writes that", () => {
  const [a, b] = pair();
  a.act((paper) => {
    paper.draw("b", { boundElements: bound("t") });
    paper.draw("t", label("t", "b", { index: "a1" }));
  });
  exchange(a, b);
  expect(b.paper.all.map(({ containerId }) => containerId)).toEqual([undefined, "b"]);
  a.act((paper) => paper.edit("t", { text: "edited" }));
  b.act((paper) => {
    paper.edit("b", { isDeleted: true });
    paper.edit("t", { isDeleted: true });
  });
  exchange(a, b);
  for (const { paper } of [a, b]) expect(paper.all).toMatchObject([{ id: "t", containerId: null }]);
  expect([a.updates, b.updates]).toEqual([[], []]);

  // An edit of something else leaves the tie: the deletion may be taken back.
  b.act((paper) => paper.edit("t", { x: 77 }));
  exchange(a, b);
  for (const { paper, store } of [a, b]) {
    expect(paper.all).toMatchObject([{ id: "t", containerId: null, x: 77 }]);
    expect(store.elements.get("t")).toMatchObject({ containerId: "b", x: 77 });
  }
  b.act((paper) => paper.draw("b", { index: "a0" }));
  exchange(a, b);
  for (const { paper } of [a, b])
    expect(of("t", paper.all)).toMatchObject({ containerId: "b", text: "edited", x: 77 });
  b.act((paper) => paper.edit("t", { isDeleted: true }));
  exchange(a, b);
  expect(a.paper.seen().map(({ id }) => id)).toEqual(["b"]);
});
