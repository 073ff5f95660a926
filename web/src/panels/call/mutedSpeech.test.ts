import { expect, test } from "vitest";
import { MutedSpeech } from "./mutedSpeech";

const LOUD = 0.1;

function told(levels: readonly number[], speech = new MutedSpeech()): number {
  return levels.filter((level) => speech.heard(level)).length;
}
const of = (count: number, level: number) => Array.from({ length: count }, () => level);

test("somebody who talks is told once, not again and again", () => {
  expect(told(of(40, LOUD))).toBe(1);
});

test("a cough, or silence, is not speech", () => {
  expect(told([...of(3, LOUD), ...of(20, 0), ...of(3, LOUD)])).toBe(0);
  expect(told(of(100, 0.001))).toBe(0);
});

test("somebody who goes on for long is told again", () => {
  expect(told(of(200, LOUD))).toBe(2);
});

test("after another mute it begins anew", () => {
  const speech = new MutedSpeech();
  expect(told(of(10, LOUD), speech)).toBe(1);
  speech.restart();
  expect(told(of(10, LOUD), speech)).toBe(1);
});
