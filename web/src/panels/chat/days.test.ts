import { expect, test } from "vitest";
import { Arrivals } from "./arrivals";
import { Days } from "./days";
import type { Message } from "./slot";

const DAY = 86_400_000;
const NOON = new Date(2026, 10, 20, 12).getTime();
const YEAR = 365 * DAY;

/** The days from today at which messages stand: each a member, a place in the order, and what their clock said. */
function days(arrivals: Arrivals, ...messages: [member: string, lamport: number, at: number][]): number[] {
  const list = messages.map(
    ([member, lamport, at]) => ({ id: `1.${lamport}`, member, lamport, at }) as Message,
  );
  const feed = { length: list.length, at: (i: number) => list[i] };
  return new Days(arrivals).of(feed, NOON).map((moment) => Math.round((moment - NOON) / DAY));
}

const nothing = () => new Arrivals(100, []);
/** Something came on this day and the next ones, each of which began at a place. */
function came(...places: [lamport: number, day: number][]): Arrivals {
  const arrivals = new Arrivals(0, []);
  for (const [lamport, day] of places) arrivals.came(lamport, NOON + day * DAY, true);
  return arrivals;
}

test("a clock that fits the order counts, also for messages that came at once", () => {
  expect(days(nothing(), ["a", 1, NOON - 9 * DAY], ["b", 2, NOON - DAY], ["a", 3, NOON])).toEqual([
    -9, -1, 0,
  ]);
  expect(days(came([3, 0]), ["a", 1, NOON - 9 * DAY], ["b", 2, NOON - DAY], ["a", 3, NOON])).toEqual([
    -9, -1, 0,
  ]);
});

test("a message of a clock a year behind is of the day on which it came", () => {
  const arrivals = came([1, -1], [3, 0], [5, 0]);
  expect(
    days(arrivals, ["a", 1, NOON - DAY], ["b", 2, NOON - DAY - YEAR], ["b", 3, NOON - YEAR], ["a", 4, NOON]),
  ).toEqual([-1, -1, 0, 0]);
});

test("an earlier message of a clock a year behind is of the day of the message before", () => {
  expect(days(nothing(), ["a", 1, NOON - 9 * DAY], ["b", 2, NOON - YEAR], ["a", 3, NOON - 8 * DAY])).toEqual([
    -9, -9, -8,
  ]);
});

test("a message of a clock ahead is of the day on which it came, also before an answer", () => {
  expect(days(came([1, 0], [2, 0]), ["a", 1, NOON], ["b", 2, NOON + YEAR])).toEqual([0, 0]);
  expect(
    days(
      came([1, -1], [2, -1], [4, 0]),
      ["a", 1, NOON - DAY],
      ["b", 2, NOON],
      ["a", 3, NOON - DAY],
      ["a", 4, NOON],
    ),
  ).toEqual([-1, -1, -1, 0]);
  expect(days(came([1, -1], [2, -1]), ["a", 1, NOON - DAY], ["b", 2, NOON])).toEqual([-1, -1]);
});

test("an earlier message of a clock ahead does not delay the next day", () => {
  expect(
    days(
      nothing(),
      ["a", 1, NOON - 9 * DAY],
      ["b", 2, NOON - 5 * DAY],
      ["a", 3, NOON - 9 * DAY],
      ["a", 4, NOON - 8 * DAY],
    ),
  ).toEqual([-9, -9, -9, -8]);
  expect(days(nothing(), ["b", 1, NOON + YEAR], ["a", 2, NOON])).toEqual([0, 0]);
});

test("a message written offline days ago keeps its day where the order allows it", () => {
  const arrivals = came([1, -3], [3, 0]);
  arrivals.came(2, NOON, true);
  expect(days(arrivals, ["a", 1, NOON - 3 * DAY], ["b", 2, NOON - 2 * DAY], ["a", 3, NOON])).toEqual([
    -3, -2, 0,
  ]);
});

test("the days never go back", () => {
  const clocks = [0, -400, 3, -1, 2, -2, 0, 1].map((day) => NOON + day * DAY);
  const shown = days(
    came([1, -2], [4, -1], [6, 0]),
    ...clocks.map((at, i) => ["abc".charAt(i % 3), i + 1, at] as [string, number, number]),
  );
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
});

test("a further message does not change the days of the others", () => {
  const list: Message[] = [];
  const feed = {
    get length() {
      return list.length;
    },
    at: (i: number) => list[i],
  };
  const kept = new Days(nothing());
  for (let i = 0; i < 60; i += 1) {
    list.push({ id: `1.${i}`, member: "a", lamport: i, at: NOON - (60 - i) * DAY } as Message);
    expect([...kept.of(feed, NOON)]).toEqual([...new Days(nothing()).of(feed, NOON)]);
  }
  list.splice(3, 1);
  expect([...kept.of(feed, NOON)]).toEqual([...new Days(nothing()).of(feed, NOON)]);
  list.length = 5;
  expect(kept.of(feed, NOON)).toHaveLength(5);
});

test("places that come late begin no day, and neither do earlier messages", () => {
  const arrivals = new Arrivals(0, []);
  arrivals.came(5, NOON - DAY, false);
  expect(arrivals.of(5)).toBeUndefined();
  arrivals.came(6, NOON - DAY, true);
  arrivals.came(2, NOON, true);
  arrivals.came(9, NOON, true);
  expect([2, 5, 6, 8, 9, 10].map((place) => arrivals.of(place))).toEqual([
    undefined,
    undefined,
    NOON - DAY,
    NOON - DAY,
    NOON,
    undefined,
  ]);
  const other = new Arrivals(5, []);
  other.learn(arrivals.top, arrivals.days);
  expect([other.top, other.days]).toEqual([9, arrivals.days]);
});
