import { expect, test } from "vitest";
import { completed, middling, wide, type Placed } from "./first";
import {
  arranged,
  fronts,
  hide,
  join,
  placed,
  place,
  resizeColumns,
  resizeGroups,
  shift,
  show,
  type Layout,
} from "./model";
import { read, written } from "./stored";

const PLACES: readonly Placed[] = [
  { id: "code", first: { at: "work" } },
  { id: "board", first: { at: "work", closed: true } },
  { id: "chat", first: { at: "talk" } },
  { id: "people", first: { at: "people" } },
];
const PANELS = PLACES.map(({ id }) => id);
const WIDE = wide(PLACES);
const MIDDLING = middling(PLACES);
const NOTES: Placed = { id: "notes", first: { at: "talk" } };

/** `code+board | people / chat`: tabs with +, groups of a column with /, columns with |; the front in capitals. */
function drawn(layout: Layout): string {
  const column = ({ groups }: ReturnType<typeof arranged>[number]) =>
    groups
      .map(({ panels, front }) => panels.map((p) => (p === front ? p.toUpperCase() : p)).join("+"))
      .join(" / ");
  return arranged(layout).map(column).join(" | ");
}

test("code and chat stand beside each other, and the people in a narrow column", () => {
  expect(drawn(WIDE)).toBe("CODE | CHAT | PEOPLE");
  expect(drawn(MIDDLING)).toBe("CODE | PEOPLE / CHAT");
  expect(fronts(MIDDLING)).toEqual(["code", "people", "chat"]);
});

test("a panel that is shown comes to the front of its place", () => {
  const both = show(WIDE, "board");
  expect(drawn(both)).toBe("code+BOARD | CHAT | PEOPLE");
  expect(drawn(show(both, "code"))).toBe("CODE+board | CHAT | PEOPLE");
});

test("a hidden panel comes back to where it was", () => {
  const hidden = hide(WIDE, "chat");
  expect(drawn(hidden)).toBe("CODE | PEOPLE");
  expect(show(hidden, "chat")).toEqual(WIDE);
  expect(drawn(hide(show(WIDE, "board"), "board"))).toBe("CODE | CHAT | PEOPLE");
});

test("the last panel cannot be hidden", () => {
  const last = (["chat", "people"] as const).reduce(hide, WIDE);
  expect(drawn(last)).toBe("CODE");
  expect(hide(last, "code")).toBe(last);
});

test("a panel joins the tabs of another, in front", () => {
  expect(drawn(join(WIDE, "people", "chat"))).toBe("CODE | chat+PEOPLE");
  expect(drawn(join(WIDE, "board", "chat"))).toBe("CODE | chat+BOARD | PEOPLE");
  expect(join(WIDE, "chat", "chat")).toBe(WIDE);
});

test("a panel takes a place of its own at each side of another", () => {
  expect(drawn(place(WIDE, "people", "code", "left"))).toBe("PEOPLE | CODE | CHAT");
  expect(drawn(place(WIDE, "people", "code", "right"))).toBe("CODE | PEOPLE | CHAT");
  expect(drawn(place(WIDE, "people", "code", "above"))).toBe("PEOPLE / CODE | CHAT");
  expect(drawn(place(WIDE, "people", "code", "below"))).toBe("CODE / PEOPLE | CHAT");
});

test("a tab leaves the others at its own side", () => {
  const tabs = show(WIDE, "board");
  expect(drawn(place(tabs, "board", "board", "right"))).toBe("CODE | BOARD | CHAT | PEOPLE");
  expect(place(WIDE, "chat", "chat", "left")).toBe(WIDE);
});

test("shifting leaves a shared column first, and passes a neighbour then", () => {
  const own = shift(show(WIDE, "board"), "board", "right");
  expect(drawn(own)).toBe("CODE | BOARD | CHAT | PEOPLE");
  expect(drawn(shift(own, "board", "right"))).toBe("CODE | CHAT | BOARD | PEOPLE");
  expect(drawn(shift(MIDDLING, "people", "left"))).toBe("CODE | PEOPLE | CHAT");
  expect(shift(WIDE, "people", "right")).toBe(WIDE);
});

test("every panel has exactly one place after any actions", () => {
  let layout = WIDE;
  let seed = 7;
  const pick = <T>(of: readonly T[]): T => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return of[Math.floor((seed / 2 ** 32) * of.length)] as T;
  };
  for (let step = 0; step < 2_000; step += 1) {
    const [panel, target] = [pick(PANELS), pick(PANELS)];
    layout = pick([
      () => show(layout, panel),
      () => hide(layout, panel),
      () => join(layout, panel, target),
      () => place(layout, panel, target, pick(["left", "right", "above", "below"])),
      () => shift(layout, panel, pick(["left", "right"])),
    ])();
    expect([...placed(layout)].sort()).toEqual([...PANELS].sort());
    expect(fronts(layout).length).toBeGreaterThan(0);
  }
});

test("sizes go to the panels on show and leave the rest alone", () => {
  const resized = resizeColumns(hide(WIDE, "chat"), [70, 30]);
  expect(resized.columns.map(({ size }) => size)).toEqual([70, 28, 30]);
  const taller = resizeGroups(MIDDLING, "chat", [20, 80]);
  expect(taller.columns[1]?.groups.map(({ size }) => size)).toEqual([20, 80]);
  expect(taller.columns[0]).toEqual(MIDDLING.columns[0]);
});

test("a layout survives being stored", () => {
  for (const layout of [WIDE, MIDDLING, join(WIDE, "chat", "people")]) {
    expect(read(written(layout), PLACES)).toEqual(layout);
  }
});

test.each([
  ["nothing", ""],
  ["no layout", "[]"],
  [
    "a panel twice",
    written({ ...WIDE, columns: [...WIDE.columns.slice(0, 2), ...WIDE.columns.slice(0, 1)] }),
  ],
  ["a size of nothing", written(WIDE).replace("53", "0")],
  ["a panel that is none", written(WIDE).replaceAll('"chat"', "7")],
  ["no panel that there is", written({ columns: [], hidden: [] })],
])("a stored text with %s is left aside", (_, text) => {
  expect(read(text, PLACES)).toBeUndefined();
});

test("a panel that an arrangement does not know is added closed, and opens where a panel of the same first place stands", () => {
  for (const layout of [WIDE, MIDDLING, join(WIDE, "chat", "code"), hide(WIDE, "chat")]) {
    const now = read(written(layout), [...PLACES, NOTES]);
    expect(now && drawn(now)).toBe(drawn(layout));
    expect(now && placed(now)).toHaveLength(5);
  }
  expect(drawn(show(completed(WIDE, [...PLACES, NOTES]), "notes"))).toBe("CODE | chat+NOTES | PEOPLE");
  const alone: Layout = { ...WIDE, columns: WIDE.columns.slice(0, 1) };
  expect(drawn(show(completed(alone, [...PLACES, NOTES]), "notes"))).toBe("code+NOTES");
});

test("a panel that no longer exists leaves an arrangement, and the rest stays", () => {
  const before = place(show(completed(WIDE, [...PLACES, NOTES]), "notes"), "notes", "people", "above");
  expect(drawn(before)).toBe("CODE | CHAT | NOTES / PEOPLE");
  const after = read(written(resizeColumns(before, [40, 40, 20])), PLACES);
  expect(after && drawn(after)).toBe("CODE | CHAT | PEOPLE");
  expect(after?.columns.map(({ size }) => size)).toEqual([40, 40, 20]);
  // Where it was all that was on show, something else is.
  const last = ["code", "chat", "people"].reduce(hide, before);
  const shown = read(written(last), PLACES);
  expect(shown && drawn(shown)).toBe("CODE");
});
