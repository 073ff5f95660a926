import { expect, test } from "vitest";
import { attendeeOf, FLAG, flagsOf, MAY, quadsOf, requestNumber, requestOf, sends } from "./flags.js";

const nobody = { sources: [], muted: false, hand: false, recording: false };

test("what is said is what is seen", () => {
  const flags = flagsOf({ ...nobody, sources: ["microphone", "screen"], muted: true, hand: true });
  const raw = { client: 7, member: "ab", self: false, flags, may: MAY.speak, line: "good" } as const;
  expect(attendeeOf(raw)).toEqual({
    client: 7,
    member: "ab",
    self: false,
    microphone: "muted",
    camera: false,
    screen: true,
    hand: true,
    recording: false,
    maySpeak: true,
    mayShare: false,
    line: "good",
  });
  expect(attendeeOf({ ...raw, line: null })).not.toHaveProperty("line");
});

test("without a microphone nobody is muted", () => {
  const raw = { client: 7, member: "ab", self: true, may: MAY.speak, line: null };
  expect(attendeeOf({ ...raw, flags: flagsOf({ ...nobody, muted: true }) }).microphone).toBe("off");
  expect(attendeeOf({ ...raw, flags: FLAG.microphone }).microphone).toBe("on");
});

test("a source is sent only by somebody who may", () => {
  const flags = flagsOf({ ...nobody, sources: ["camera", "screen-sound"] });
  expect(sends({ flags, may: MAY.speak }, "camera")).toBe(true);
  expect(sends({ flags, may: MAY.share }, "camera")).toBe(false);
  expect(sends({ flags, may: MAY.speak | MAY.share }, "microphone")).toBe(false);
  expect(sends({ flags, may: MAY.share }, "screen-sound")).toBe(true);
});

test("what is shown becomes quads", () => {
  const shown = [
    { client: 2 ** 52, source: "camera", height: 180, pinned: false },
    { client: 3, source: "screen", height: 1080, pinned: true },
  ] as const;
  expect([...quadsOf(shown)]).toEqual([2 ** 52, 1, 180, 0, 3, 2, 1080, 1]);
});

test("requests are numbers and back", () => {
  for (const request of ["mute", "stop-share", "leave"] as const)
    expect(requestOf(requestNumber(request))).toBe(request);
  expect(requestOf(3)).toBeUndefined();
});
