/** The gate of one sender, frame by frame. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeEncoder, FakeFrame, fakeStreams } from "../testing/encoded.js";
import { ahead, RtpClock } from "./clock.js";
import { Gate } from "./gate.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCEncodedVideoFrame", FakeFrame);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A gate, its own encoder with large and tiny pictures, and an encoder whose frames are to be copied. */
function scene(about?: { payloadType: number; mimeType: string }) {
  const { streams, written, put } = fakeStreams();
  const told: string[] = [];
  const gate = new Gate(streams, {
    changed: () => {
      const state = gate.copied ? "copied" : "own";
      if (state !== told.findLast((each) => each !== "key wanted")) told.push(state);
    },
    wanted: () => told.push("key wanted"),
    refused: () => told.push("refused"),
  });
  const shared = new FakeEncoder(0xffff_ff00, 360, about);
  const feed = { clock: new RtpClock() };
  return {
    ...{ gate, told, feed, shared, written },
    own: new FakeEncoder(5_000, 360),
    tiny: new FakeEncoder(5_000, 18),
    now: () => performance.now(),
    fromOwn: async (frame: FakeFrame) => {
      put(frame);
      await settle();
    },
    copy: async (frame: FakeFrame) => {
      const metadata = frame.getMetadata();
      feed.clock.see(metadata.rtpTimestamp ?? 0, performance.now());
      gate.take(feed, frame, metadata);
      await settle();
    },
    /** Of what was written: the type, the layer and the height. */
    sent: () =>
      written.map((frame) => {
        const { temporalIndex, height } = frame.getMetadata();
        return `${frame.type} ${temporalIndex} ${height}`;
      }),
  };
}

async function copying(about?: { payloadType: number; mimeType: string }) {
  const all = scene(about);
  await all.fromOwn(all.own.key(all.now()));
  all.gate.want(all.feed);
  vi.advanceTimersByTime(33);
  await all.copy(all.shared.key(all.now()));
  return all;
}

test("the own encoder's frames go out as they are", async () => {
  const { own, fromOwn, written, now } = scene();
  const frames = [own.key(now()), own.delta(now() + 33)];
  for (const frame of frames) await fromOwn(frame);
  expect(written).toEqual(frames);
});

test("copies begin with a key frame, and the own encoder goes on until then", async () => {
  const { gate, own, fromOwn, feed, shared, copy, sent, told, now } = scene();
  await fromOwn(own.key(now()));
  gate.want(feed);
  await copy(shared.delta(now()));
  vi.advanceTimersByTime(33);
  await fromOwn(own.delta(now()));
  expect([sent(), told]).toEqual([["key 0 360", "delta 0 360"], []]);
  vi.advanceTimersByTime(33);
  await copy(shared.key(now()));
  await fromOwn(own.delta(now()));
  expect(sent().slice(2)).toEqual(["key 0 360"]);
  expect(told).toEqual(["copied"]);
});

test("copies have the timestamps that the sender's own frames would have", async () => {
  const { written } = await copying();
  const [first, second] = written.map((frame) => frame.getMetadata().rtpTimestamp ?? NaN);
  expect(ahead(first ?? 0, second ?? 0)).toBe(33 * 90);
});

test("timestamps never go back, whatever is sent", async () => {
  const { gate, shared, own, copy, fromOwn, written, now } = await copying();
  await copy(shared.delta(now() - 50));
  await copy(shared.delta(now() - 40));
  gate.want(undefined);
  await fromOwn(own.key(now() - 90));
  await fromOwn(own.delta(now() - 60));
  const all = written.map((frame) => frame.getMetadata().rtpTimestamp ?? NaN);
  for (const [at, timestamp] of all.slice(1).entries())
    expect(ahead(all[at] ?? 0, timestamp)).toBeGreaterThan(0);
  expect(all.length).toBe(6);
});

test("tiny pictures are swallowed, and show when the receiver wants a key frame", async () => {
  const { tiny, fromOwn, told, sent, now } = await copying();
  await fromOwn(tiny.key(now()));
  await fromOwn(tiny.delta(now()));
  expect(told).toEqual(["copied"]);
  await fromOwn(tiny.key(now()));
  expect(told).toEqual(["copied", "key wanted"]);
  expect(sent().length).toBe(2);
});

test("copies go on until the own encoder is back at its size", async () => {
  const { gate, shared, own, tiny, copy, fromOwn, sent, told, now } = await copying();
  gate.want(undefined);
  expect(told).toEqual(["copied", "own"]);
  await fromOwn(tiny.key(now()));
  vi.advanceTimersByTime(33);
  await copy(shared.delta(now()));
  await fromOwn(own.delta(now()));
  vi.advanceTimersByTime(33);
  await fromOwn(own.key(now()));
  await copy(shared.delta(now()));
  expect(sent().slice(2)).toEqual(["delta 0 360", "key 0 360"]);
});

test("what depends on a frame that was left out is left out", async () => {
  const { gate, shared, copy, sent, now } = await copying();
  gate.limit(3, 2);
  for (const layer of [2, 1, 2, 0]) await copy(shared.delta(now(), layer));
  gate.limit(3, 1);
  await copy(shared.delta(now(), 1));
  gate.limit(3, 3);
  await copy(shared.delta(now(), 2));
  await copy(shared.delta(now(), 0));
  await copy(shared.delta(now(), 1));
  await copy(shared.delta(now(), 2));
  const layers = sent()
    .slice(2)
    .map((each) => each.slice(6, 7));
  expect(layers.join("")).toBe("10012");
});

test("frames of another codec, or under another number, are refused", async () => {
  for (const about of [
    { payloadType: 120, mimeType: "video/VP8" },
    { payloadType: 96, mimeType: "video/VP9" },
  ]) {
    const { told, sent } = await copying(about);
    expect([told, sent().length]).toEqual([["refused"], 1]);
  }
});

test("after a reset the own encoder begins, tiny pictures of before left out", async () => {
  const { gate, shared, own, tiny, copy, fromOwn, sent, told, now } = await copying();
  gate.reset();
  await copy(shared.key(now()));
  await fromOwn(tiny.delta(now()));
  await fromOwn(own.key(now()));
  expect(sent().slice(2)).toEqual(["key 0 360"]);
  expect(told).toEqual(["copied", "own"]);
});
