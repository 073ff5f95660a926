import { expect, test } from "vitest";
import { SpeakerChoice } from "./speaker";

/** Each step is 100 ms, in which those speak who are named. */
function heard(steps: readonly number[][]): (number | undefined)[] {
  const choice = new SpeakerChoice();
  return steps.map((speaking, at) =>
    choice.heard(new Map([2, 3, 4].map((client) => [client, speaking.includes(client) ? 0.1 : 0])), at * 100),
  );
}

test("the first to speak is the speaker at once, and stays it in silence", () => {
  expect(heard([[], [2], [], []])).toEqual([undefined, 2, 2, 2]);
});

test("a short word changes nothing", () => {
  expect(heard([[2], [3], [3], [3], [2], [3], [3]]).at(-1)).toBe(2);
});

test("who speaks on is the speaker", () => {
  expect(heard([[2], ...Array.from({ length: 9 }, () => [3])]).at(-1)).toBe(3);
});

test("somebody who left is not the speaker any more", () => {
  const choice = new SpeakerChoice();
  choice.heard(new Map([[2, 0.1]]), 0);
  expect(choice.heard(new Map([[3, 0]]), 100)).toBeUndefined();
});
