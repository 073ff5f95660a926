import { expect, test } from "vitest";
import { attendee } from "../samples";
import { placed, tilesOf, type Arrangement } from "./tiles";

const people = [attendee(1, { self: true }), attendee(2), attendee(3)];
const sharing = [attendee(1, { self: true, screen: true }), attendee(2, { screen: true }), attendee(3)];

function staged(
  attendees = people,
  {
    pinned,
    arrangement = "grid",
    speaker,
  }: { pinned?: string; arrangement?: Arrangement; speaker?: number } = {},
): string {
  const { stage, others } = placed(tilesOf(attendees), pinned, arrangement, speaker);
  const ids = (all: typeof stage) => all.map(({ id }) => id).join(" ");
  return `${ids(stage)} | ${ids(others)}`;
}

test("in a grid nobody stands large, and one's own tile is the last", () => {
  expect(staged()).toBe(" | 2-camera 3-camera 1-camera");
});

test("whoever speaks stands large where that is wanted", () => {
  expect(staged(people, { arrangement: "speaker", speaker: 3 })).toBe("3-camera | 2-camera 1-camera");
  expect(staged(people, { arrangement: "speaker" })).toBe("2-camera | 3-camera 1-camera");
  expect(staged([attendee(1, { self: true })], { arrangement: "speaker" })).toBe(" | 1-camera");
});

test("others' screens stand large, one's own does not", () => {
  expect(staged(sharing)).toBe("2-screen | 1-screen 2-camera 3-camera 1-camera");
});

test("a pinned tile stands large alone, until it is gone", () => {
  expect(staged(sharing, { pinned: "3-camera" })).toBe("3-camera | 2-screen 1-screen 2-camera 1-camera");
  expect(staged(sharing, { pinned: "9-camera" })).toBe(staged(sharing));
});
