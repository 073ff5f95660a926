import { afterEach, expect, test, vi } from "vitest";
import { Meter, SPEECH } from "./meter";
import { tryOut, wasHeard } from "./trial";

/** Whether the browser can hear tracks. */
let hears = true;
class Context {
  resume = () => Promise.resolve();
  createMediaStreamSource = () => {
    if (!hears) throw new Error("no sound in it");
    return { connect: () => undefined, disconnect: () => undefined };
  };
  createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: () => undefined });
}
vi.stubGlobal("AudioContext", Context);
vi.stubGlobal("MediaStream", Object);
vi.stubGlobal("MediaRecorder", function () {
  throw new Error("no format");
});

/** A track that knows how many copies of it are live. */
function tracked() {
  const live = { count: 0 };
  const track = () => ({
    enabled: true,
    clone: () => ((live.count += 1), track()),
    stop: () => (live.count -= 1),
  });
  return { live, track: track() as unknown as MediaStreamTrack };
}

afterEach(() => {
  hears = true;
});

test("a click is no voice", () => {
  expect(wasHeard([0, 0.5, 0, 0])).toBe(false);
  expect(wasHeard(Array.from({ length: 60 }, () => SPEECH / 2))).toBe(false);
  expect(wasHeard([0, 0.1, 0.1, 0, 0.1])).toBe(true);
});

test("a track that can't be metered leaves no copy on", () => {
  hears = false;
  const { live, track } = tracked();
  expect(() => new Meter(track)).toThrow();
  expect(live.count).toBe(0);
});

test("a test that can't be recorded leaves no copy on", async () => {
  const { live, track } = tracked();
  const steps = { listening: () => undefined, playing: () => undefined };
  await expect(tryOut(track, steps, new AbortController().signal)).rejects.toThrow("no format");
  expect(live.count).toBe(0);
});
