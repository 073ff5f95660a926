import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EMOJI, isEmoji, Reactions } from "./reactions";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("one emoji is a reaction, and any other text is none", () => {
  for (const emoji of EMOJI) expect(isEmoji(emoji)).toBe(true);
  expect(isEmoji("👩‍👩‍👧")).toBe(true);
  for (const text of ["", "a", "👍👍", "👍 hello", "<b>", "1"]) expect(isEmoji(text)).toBe(false);
});

test("a reaction floats for a moment", () => {
  const reactions = new Reactions();
  reactions.add(2, "👍");
  expect(reactions.state.getState().all).toHaveLength(1);
  vi.runAllTimers();
  expect(reactions.state.getState().all).toEqual([]);
});

test("somebody who reacts without end covers nobody", () => {
  const reactions = new Reactions();
  for (let at = 0; at < 100; at += 1) reactions.add(2, "👍");
  reactions.add(3, "👏");
  const { all } = reactions.state.getState();
  expect(all.filter(({ client }) => client === 2).length).toBeLessThan(10);
  expect(all.filter(({ client }) => client === 3)).toHaveLength(1);
  reactions.clear();
  expect(vi.getTimerCount()).toBe(0);
});
