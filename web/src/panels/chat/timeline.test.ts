import { expect, test } from "vitest";
import * as Y from "yjs";
import { idOf, type Id } from "./records";
import { follow, rootOf } from "./source";
import { Timeline, type Unit } from "./timeline";

const ANN = "a".repeat(64);
const BOB = "b".repeat(64);
const MOD = "c".repeat(64);

/** Units of people with one seat each: a lamport, who, and the record. */
const seats = { [ANN]: 1, [BOB]: 2, [MOD]: 3 };
function unit(lamport: number, member: string, value: unknown): Unit {
  return { member, client: seats[member] ?? 9, clock: lamport, lamport, value };
}
function say(lamport: number, member: string, text: string, re?: Id): Unit {
  return unit(lamport, member, { k: "say", text, at: lamport, ...(re && { re }) });
}
const texts = (timeline: Timeline) => Array.from({ length: timeline.length }, (_, i) => timeline.at(i)?.text);

function timelineOf(...units: Unit[]): Timeline {
  const timeline = new Timeline();
  timeline.take(units);
  return timeline;
}

test("messages stand in causal order, whenever they come and whatever their clocks say", () => {
  const timeline = timelineOf(say(5, ANN, "later"));
  timeline.take([unit(3, BOB, { k: "say", text: "earlier", at: 9e12 })]);
  timeline.take([say(5, BOB, "at once")]);
  expect(texts(timeline)).toEqual(["earlier", "later", "at once"]);
});

test("the same records give the same messages in any order of arrival", () => {
  const first: Id = "1.1";
  const units = [
    say(1, ANN, "one"),
    say(2, BOB, "two"),
    say(3, BOB, "reply", first),
    unit(4, ANN, { k: "edit", of: first, text: "ONE", at: 4 }),
    unit(5, ANN, { k: "edit", of: first, text: "Uno", at: 5 }),
    unit(6, BOB, { k: "react", of: first, emoji: "👍", on: true }),
    unit(7, BOB, { k: "remove", of: "2.2", at: 7 }),
    unit(8, MOD, { k: "remove", of: "2.3", at: 8 }),
    unit(9, MOD, { k: "restore", of: "2.3", at: 9 }),
  ];
  const shown = (order: Unit[]) => {
    const timeline = new Timeline();
    timeline.setModerators(new Set([MOD]));
    for (const each of order) timeline.take([each]);
    return [texts(timeline), timeline.at(0), timeline.replies(first)];
  };
  const wanted = shown(units);
  expect(wanted[0]).toEqual(["Uno"]);
  expect(wanted[2]).toHaveLength(1);
  for (let turn = 1; turn < units.length; turn += 1) {
    expect(shown([...units.slice(turn), ...units.slice(0, turn)])).toEqual(wanted);
  }
  expect(shown(units.toReversed())).toEqual(wanted);
});

test("only the author's edits count", () => {
  const timeline = timelineOf(
    say(1, ANN, "mine"),
    unit(2, BOB, { k: "edit", of: "1.1", text: "not Bob's", at: 2 }),
  );
  expect(timeline.at(0)).toMatchObject({ text: "mine", edited: false });
});

test("the author and moderators remove, others do not; only the remover takes a removal back", () => {
  const timeline = timelineOf(say(1, ANN, "here"), unit(2, BOB, { k: "remove", of: "1.1", at: 2 }));
  expect(texts(timeline)).toEqual(["here"]);
  expect(timeline.setModerators(new Set([BOB]))).toEqual(["1.1"]);
  expect(texts(timeline)).toEqual([]);
  timeline.take([unit(3, ANN, { k: "restore", of: "1.1", at: 3 })]);
  expect(texts(timeline)).toEqual([]);
  timeline.take([unit(4, BOB, { k: "restore", of: "1.1", at: 4 })]);
  expect(texts(timeline)).toEqual(["here"]);
  const { left } = timeline.take([unit(5, ANN, { k: "remove", of: "1.1", at: 5 })]);
  expect(left).toEqual(["1.1"]);
  expect(texts(timeline)).toEqual([]);
});

test("a removed message leaves a line only where a thread hangs on it", () => {
  const timeline = timelineOf(
    say(1, ANN, "first"),
    say(2, BOB, "reply", "1.1"),
    unit(3, ANN, { k: "remove", of: "1.1", at: 3 }),
  );
  expect(timeline.at(0)).toMatchObject({ removed: true, text: "", thread: { count: 1 } });
  timeline.take([unit(4, BOB, { k: "remove", of: "2.2", at: 4 })]);
  expect(timeline.length).toBe(0);
  timeline.take([unit(5, BOB, { k: "restore", of: "2.2", at: 5 })]);
  expect(timeline.at(0)).toMatchObject({ removed: true, thread: { count: 1 } });
});

test("a thread counts its replies and names who took part", () => {
  const timeline = timelineOf(say(1, ANN, "first"));
  const { came } = timeline.take([say(2, BOB, "a", "1.1"), say(3, ANN, "b", "1.1"), say(4, BOB, "c", "1.1")]);
  expect(came.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  expect(timeline.length).toBe(1);
  expect(timeline.at(0)?.thread).toEqual({ count: 3, last: 4, members: [ANN, BOB] });
  expect(timeline.lastOf(ANN, "1.1")?.text).toBe("b");
  expect(timeline.lastOf(ANN)?.text).toBe("first");
});

test("a reply to a reply, to itself or to nothing is shown nowhere", () => {
  const timeline = timelineOf(say(1, ANN, "first"), say(2, BOB, "reply", "1.1"));
  expect(timeline.take([say(3, BOB, "deeper", "2.2")]).came).toEqual([]);
  expect(timeline.take([say(4, BOB, "itself", "2.4")]).came).toEqual([]);
  expect(timeline.take([say(5, BOB, "nothing", "7.7")]).came).toEqual([]);
  expect(texts(timeline)).toEqual(["first"]);
  expect(timeline.replies("1.1").map(({ text }) => text)).toEqual(["reply"]);
});

test("of a member's reactions with one emoji the latest counts", () => {
  const react = (lamport: number, member: string, emoji: string, on: boolean) =>
    unit(lamport, member, { k: "react", of: "1.1", emoji, on });
  const timeline = timelineOf(
    say(1, ANN, "hi"),
    react(2, BOB, "🎉", true),
    react(3, ANN, "👍", true),
    react(4, BOB, "👍", true),
  );
  expect(timeline.at(0)?.reactions).toEqual([
    { emoji: "🎉", members: [BOB] },
    { emoji: "👍", members: [ANN, BOB] },
  ]);
  timeline.take([react(5, BOB, "🎉", false)]);
  expect(timeline.at(0)?.reactions).toEqual([{ emoji: "👍", members: [ANN, BOB] }]);
});

test("a message that is not in the log yet stands last, and gets its place later", () => {
  const timeline = timelineOf(say(1, ANN, "old"), { ...say(9, ANN, "mine"), lamport: Infinity });
  timeline.take([say(7, BOB, "theirs")]);
  expect(texts(timeline)).toEqual(["old", "theirs", "mine"]);
  expect(timeline.settle(() => Infinity)).toBe(false);
  expect(timeline.unsettled).toBe(true);
  expect(timeline.settle(() => 5)).toBe(true);
  expect(texts(timeline)).toEqual(["old", "mine", "theirs"]);
  expect(timeline.unsettled).toBe(false);
  expect(timeline.indexAtOrBefore("1.9")).toBe(1);
});

test("a change makes another object of the changed message only", () => {
  const timeline = timelineOf(say(1, ANN, "one"), say(2, BOB, "two"));
  const [one, two] = [timeline.at(0), timeline.at(1)];
  timeline.take([unit(3, BOB, { k: "react", of: "2.2", emoji: "👍", on: true })]);
  expect(timeline.at(0)).toBe(one);
  expect(timeline.at(1)).not.toBe(two);
});

test("a further message leaves 10,000 others the same objects", () => {
  const count = 10_000;
  const timeline = timelineOf(...Array.from({ length: count }, (_, i) => say(i + 1, ANN, `${i}`)));
  const before = Array.from({ length: count }, (_, i) => timeline.at(i));
  timeline.take([say(count + 1, BOB, "new")]);
  expect(timeline.length).toBe(count + 1);
  expect(before.every((message, i) => timeline.at(i) === message)).toBe(true);
});

test("the document is read whole and then as it grows, roots that appear later included", () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.getArray(rootOf(ANN)).push([{ k: "say", text: "there", at: 1 }]);
  const timeline = new Timeline();
  let deletions = 0;
  const stop = follow(doc, (_, clock) => clock + 1, {
    added: (units) => timeline.take(units),
    deleted: () => (deletions += 1),
  });
  expect(texts(timeline)).toEqual(["there"]);

  const other = new Y.Doc();
  other.clientID = 8;
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  const records = other.getArray(rootOf(BOB));
  records.push([{ k: "say", text: "came", at: 2 }, { k: "say", text: "twice", at: 3 }, "no record", 7, null]);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  expect(texts(timeline).toSorted()).toEqual(["came", "there", "twice"]);
  expect(timeline.get(idOf({ client: 8, clock: 1 }))).toMatchObject({ member: BOB, text: "twice" });

  other.getMap("something else").set("k", 1);
  records.delete(0, 1);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  expect(deletions).toBe(1);
  stop();
  doc.getArray(rootOf(ANN)).push([{ k: "say", text: "unheard", at: 4 }]);
  expect(timeline.length).toBe(3);
});
