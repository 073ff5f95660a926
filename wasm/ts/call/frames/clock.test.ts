import { expect, test } from "vitest";
import { ahead, later, RtpClock } from "./clock.js";

test("timestamps are compared and moved across the end of their range", () => {
  expect(ahead(0xffff_fff0, 16)).toBe(32);
  expect(ahead(16, 0xffff_fff0)).toBe(-32);
  expect(later(0xffff_ffff, 1)).toBe(0);
  expect(later(0, -1)).toBe(0xffff_ffff);
});

test("a frame of one clock is as late by another, whatever delayed some of them", () => {
  const [one, other] = [new RtpClock(), new RtpClock()];
  expect(one.until(other)).toBeUndefined();
  const hours = 30 * 3_600_000;
  for (const [captured, delay] of [
    [0, 40],
    [33, 5],
    [66, 90],
  ] as const) {
    const now = hours + captured;
    one.see(later(0xffff_0000, (hours + captured) * 90), now + delay);
    other.see(later(77, (hours + captured) * 90), now + delay);
  }
  expect(later(0xffff_0000, one.until(other) ?? NaN)).toBe(77);
  expect(later(77, other.until(one) ?? NaN)).toBe(0xffff_0000);
});
