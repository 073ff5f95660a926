import { describe, expect, test } from "vitest";
import { encodeElement } from "../codec/codec";
import { sample } from "../codec/samples";
import { encodeDrafting } from "../live/draft";
import { type Desk, exchange, FREE, pair } from "./desk";

test("a drawing of one reaches the other, and nothing comes back", () => {
  const [a, b] = pair();
  a.act((paper) => paper.draw("one"));
  exchange(a, b);
  expect(b.paper.seen()).toEqual(a.paper.seen());
  expect([a.updates, b.updates]).toEqual([[], []]);
});

test("an unchanged element stays the same object, so that it is not drawn anew", () => {
  const [a, b] = pair();
  a.act((paper) => paper.draw("one"));
  exchange(a, b);
  const [before] = b.paper.all;
  a.act((paper) => paper.draw("two"));
  exchange(a, b);
  expect(b.paper.all.find(({ id }) => id === "one")).toBe(before);
});

test("an edit is stored once, when the pointer is released", () => {
  const [a] = pair();
  a.act((paper) => paper.draw("one"), true);
  for (let x = 0; x < 20; x += 1) a.act((paper) => paper.edit("one", { x }), true);
  expect(a.updates).toHaveLength(0);
  expect(a.scene.inHand().map(({ element }) => element.id)).toEqual(["one"]);
  a.act(() => undefined);
  expect(a.updates).toHaveLength(1);
  expect(a.scene.inHand()).toEqual([]);
});

test("an unfinished edit without a pointer is stored when it pauses, stays in progress, and delays no other", () => {
  const [a, b] = pair();
  a.act((paper) => paper.draw("typed"), false, ["typed"]);
  a.act((paper) => paper.draw("pasted"), false, ["typed"]);
  expect([...a.store.elements.keys()]).toEqual(["pasted"]);
  expect(a.scene.holds).toBe(true);
  a.scene.pause(a.paper.all);
  expect(a.scene.holds).toBe(false);
  exchange(a, b);
  expect(b.paper.seen().map(({ id }) => id)).toEqual(["typed", "pasted"]);

  b.act((paper) => paper.edit("typed", { isDeleted: true }));
  exchange(a, b);
  expect(a.paper.seen().map(({ id }) => id)).toContain("typed");
  a.act((paper) => paper.edit("typed", { x: 5 }));
  exchange(a, b);
  expect(b.paper.seen()).toMatchObject([{ id: "typed", x: 5 }, { id: "pasted" }]);
});

test("an empty text that somebody begins is not stored, and one that they leave is deleted", () => {
  const [a] = pair();
  const text = sample("label", { id: "text", text: "", originalText: "", version: 1 });
  a.act((paper) => paper.draw("text", text), false, ["text"]);
  a.scene.pause(a.paper.all);
  expect(a.updates).toEqual([]);
  a.act((paper) => paper.edit("text", { isDeleted: true }));
  expect(a.store.elements.size).toBe(0);
});

test("only what changed is written", () => {
  const [a] = pair();
  a.act((paper) => {
    paper.draw("one");
    paper.draw("two");
  });
  const keys: string[][] = [];
  a.doc.getMap("page/main").observe((event) => keys.push([...event.keysChanged] as string[]));
  a.act((paper) => paper.edit("two", { x: 5 }));
  expect(keys).toEqual([["two"]]);
});

test("a drawing surface is not painted over before its stroke is taken", () => {
  const [a, b] = pair();
  b.act((paper) => paper.draw("theirs"));
  a.paper.draw("mine");
  exchange(a, b);
  expect(a.paper.seen().map(({ id }) => id)).toContain("mine");
});

test("an element restyled by another while it is dragged keeps the style and the new place", () => {
  const [a, b] = pair();
  a.act((paper) => paper.draw("one"));
  exchange(a, b);
  a.act((paper) => paper.edit("one", { x: 300 }), true);
  b.act((paper) => paper.edit("one", { strokeColor: "#ff0000" }));
  exchange(a, b);
  expect(a.paper.seen()).toMatchObject([{ x: 300, strokeColor: "#1e1e1e" }]);
  a.act(() => undefined);
  exchange(a, b);
  for (const { paper } of [a, b]) expect(paper.seen()).toMatchObject([{ x: 300, strokeColor: "#ff0000" }]);
});

describe("deleting", () => {
  test("takes the element away everywhere", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("one"));
    exchange(a, b);
    b.act((paper) => paper.edit("one", { isDeleted: true }));
    exchange(a, b);
    expect([a.paper.seen(), b.paper.seen()]).toEqual([[], []]);
    expect(a.doc.getMap("page/main").size).toBe(0);
  });

  test("loses to an edit made at the same time, on both sides", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("one"));
    exchange(a, b);
    a.act((paper) => paper.edit("one", { isDeleted: true }));
    b.act((paper) => paper.edit("one", { x: 77 }));
    exchange(a, b);
    expect(a.paper.seen()).toMatchObject([{ id: "one", x: 77 }]);
    expect(b.paper.seen()).toEqual(a.paper.seen());
  });

  test("and taking it back writes it again", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("one"));
    a.act((paper) => paper.edit("one", { isDeleted: true }));
    a.act((paper) => paper.edit("one", { isDeleted: false }));
    exchange(a, b);
    expect(b.paper.seen()).toMatchObject([{ id: "one" }]);
  });
});

describe("drafts of the others", () => {
  const stroke = sample("stroke", { version: 3 });
  const said = encodeDrafting("main", [{ element: stroke, stored: undefined }]);

  test("are in the scene, and never stored, whatever the surface does to them", () => {
    const [a] = pair();
    a.drafts.hear(2, said, a.store.elements);
    a.scene.refresh();
    expect(a.paper.seen().map(({ id }) => id)).toEqual(["stroke"]);
    a.act((paper) => paper.edit("stroke", { x: 9, locked: false }));
    expect(a.updates).toHaveLength(0);
    a.drafts.hear(2, null, a.store.elements);
    a.act((paper) => paper.edit("stroke", { x: 10 }));
    a.scene.refresh();
    expect(a.paper.seen()).toEqual([]);
    expect(a.updates).toHaveLength(0);
  });

  test("give way to the finished element, which is unlocked", () => {
    const [a, b] = pair();
    a.drafts.hear(2, said, a.store.elements);
    a.scene.refresh();
    expect(a.paper.all[0]?.locked).toBe(true);
    b.store.write(new Map([["stroke", stroke]]));
    exchange(a, b);
    expect(a.paper.all).toHaveLength(1);
    expect(a.paper.all[0]?.locked).toBe(false);
    expect(a.paper.all[0]?.points).toEqual(stroke.points);
  });

  test("are not shown for an element that one is editing", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("one"));
    exchange(a, b);
    const moved = { ...sample("box", { id: "one", version: 5 }), x: 1_000 };
    const theirs = encodeDrafting("main", [{ element: moved, stored: a.store.elements.get("one") }]);
    a.act((paper) => paper.edit("one", { x: 4 }), true);
    a.drafts.hear(2, theirs, a.store.elements);
    a.scene.refresh();
    expect(a.paper.seen()).toMatchObject([{ id: "one", x: 4 }]);
  });
});

test("an invalid element of others is counted and left alone", () => {
  const [a, b] = pair();
  const page = b.doc.getMap<unknown>("page/main");
  page.set("bad", { type: "iframe", x: 1 });
  page.set("worse", 5);
  page.set("good", encodeElement(sample("box")));
  exchange(a, b);
  expect(a.paper.seen().map(({ id }) => id)).toEqual(["good"]);
  expect(a.store.skipped).toBe(2);
  page.delete("bad");
  exchange(a, b);
  expect(a.store.skipped).toBe(1);
});

describe("an element that costs too much is shown as an outline", () => {
  const dear = {
    width: 30_000,
    height: 30_000,
    fillStyle: "hachure",
    backgroundColor: "#ff0000",
    strokeWidth: 1,
  };
  const look = ({ paper }: Desk) =>
    paper.all.map(({ id, backgroundColor, roughness, x }) => [id, backgroundColor, roughness, x]);

  test("for its author and for all others, and is stored as it was made", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("dear", dear));
    exchange(a, b);
    for (const desk of [a, b]) {
      expect(look(desk)).toEqual([["dear", "transparent", 0, 10.25]]);
      expect(desk.store.elements.get("dear")).toMatchObject(dear);
      expect(desk.scene.look.outlines).toBe(1);
    }
    expect(b.updates).toEqual([]);
  });

  test("and is moved and brought back after its deletion without losing what is not shown", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("dear", dear));
    exchange(a, b);
    b.act((paper) => paper.edit("dear", { x: 500 }));
    exchange(a, b);
    expect(a.store.elements.get("dear")).toMatchObject({ ...dear, x: 500 });
    b.act((paper) => paper.edit("dear", { isDeleted: true }));
    exchange(a, b);
    expect(a.store.elements.size).toBe(0);
    b.act((paper) =>
      paper.draw("dear", { ...dear, backgroundColor: "transparent", strokeStyle: "solid", roughness: 0 }),
    );
    exchange(a, b);
    expect(a.store.elements.get("dear")).toMatchObject(dear);
  });

  test("and is shown whole again when it has become small", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("dear", dear));
    exchange(a, b);
    b.act((paper) => paper.edit("dear", { width: 100, height: 100 }));
    exchange(a, b);
    for (const desk of [a, b]) expect(look(desk)).toEqual([["dear", "#ff0000", 1, 10.25]]);
  });

  test("also while somebody edits it, where it changes nothing else", () => {
    const [a, b] = pair();
    a.act((paper) => paper.draw("small", { ...dear, width: 50, height: 50 }));
    exchange(a, b);
    a.act((paper) => paper.draw("dear", dear), true);
    b.drafts.hear(1, encodeDrafting("main", a.scene.inHand()), b.store.elements);
    b.scene.refresh();
    expect(look(b).map(([id, color]) => [id, color])).toEqual([
      ["small", "#ff0000"],
      ["dear", "transparent"],
    ]);
  });
});

test("an element that no board can have is taken out on its author's page", () => {
  const [a, b] = pair();
  a.act((paper) => paper.draw("one", {}));
  exchange(a, b);
  a.paper.draw("huge", { width: 1e7 });
  expect(a.scene.changed(a.paper.all, FREE)).toMatchObject({ refused: [{ id: "huge" }] });
  a.paper.edit("one", { x: 5e6 });
  expect(a.scene.changed(a.paper.all, FREE)).toMatchObject({ refused: [{ id: "one", x: 5e6 }] });
  expect(a.paper.seen()).toEqual(b.paper.seen());
  expect(a.updates).toEqual([]);
});

test("a link that opens nothing is removed on its author's page too, and counted; one without its scheme gets it", () => {
  const [a] = pair();
  a.act((paper) => paper.draw("one", { link: null }));
  a.paper.edit("one", { link: "file:///etc" });
  expect(a.scene.changed(a.paper.all, FREE)).toMatchObject({ unlinked: 1 });
  expect(a.paper.all[0]?.link).toBeNull();
  a.paper.edit("one", { link: "example.org" });
  expect(a.scene.changed(a.paper.all, FREE)).toMatchObject({ unlinked: 0 });
  expect(a.paper.all[0]?.link).toBe("https://example.org");
});
