import { expect, test } from "vitest";
import { Heard, Played, SILENT } from "./heard.js";

test("silence is told once, and its end at once", () => {
  const heard = new Heard();
  expect(heard.look(0)).toBe(false);
  expect(heard.silence).toBe(Infinity);
  heard.hear();
  expect(heard.look(200), "the first thing heard").toBe(true);
  const told = [];
  for (let now = 400; now <= 3_000; now += 200) if (heard.look(now)) told.push(now);
  expect(told).toEqual([200 + SILENT + 200]);
  heard.hear();
  expect(heard.look(3_200)).toBe(true);
  expect(heard.silence).toBe(0);
});

test("a page that stood still has not heard silence", () => {
  const heard = new Heard();
  heard.hear();
  heard.look(0);
  expect(heard.look(60_000)).toBe(false);
  expect(heard.silence).toBe(400);
});

test("what is played is heard, but not what was played before the doubt", () => {
  let timestamp = 5;
  const receiver = { getSynchronizationSources: () => [{ timestamp }, { timestamp: 1 }] };
  const silent = { getSynchronizationSources: () => [] };
  const played = new Played([silent, receiver] as unknown as RTCRtpReceiver[]);
  expect(played.look(), "the first look knows nothing").toBe(false);
  expect(played.look()).toBe(false);
  timestamp = 6;
  expect(played.look()).toBe(true);
  played.forget();
  timestamp = 7;
  expect(played.look()).toBe(false);
  expect(new Played([]).look()).toBe(false);
});
