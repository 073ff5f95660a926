/** One link between an engine and a browser, both of which are the test's own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAY } from "./flags.js";
import { FakePeerConnection, FakeTrack, pretend, restore, sdp } from "./testing/fakes.js";
import { connected, joined, OPEN, settle } from "./testing/joined.js";

beforeEach(pretend);
afterEach(restore);

test("an offer is described under its turn, with four transceivers", async () => {
  const { call, port, pc } = joined({ ...OPEN, may: MAY.speak });
  call.told(["offer", { link: 9, turn: 4, restart: false }]);
  await settle();
  expect(port.said).toContain("described 9 4 offer");
  expect(pc.transceivers.map(({ receiver }) => receiver.track.kind)).toEqual([
    "audio",
    "video",
    "video",
    "audio",
  ]);
  expect(pc.transceivers.map(({ direction }) => direction)).toEqual([
    "sendrecv",
    "sendrecv",
    "sendonly",
    "sendonly",
  ]);
});

test("messages of a link wait for each other, however slow the browser is", async () => {
  const { call, port, pc } = joined({ ...OPEN, offers: false });
  let opened: () => void = () => undefined;
  pc.gate = new Promise((resolve) => (opened = resolve));
  call.told(["accept", { link: 9, turn: 1, sdp: sdp("theirs") }]);
  call.told(["candidate", { link: 9, candidate: "{}" }]);
  call.told(["accept", { link: 9, turn: 2, sdp: sdp("theirs") }]);
  await settle();
  expect(pc.log).toEqual(["remote offer"]);
  opened();
  await settle();
  const round = ["remote offer", "local answer"];
  expect(pc.log).toEqual([...round, "candidate", ...round]);
  expect(port.said.slice(-2)).toEqual(["described 9 1 answer", "described 9 2 answer"]);
});

test("a late answer and a candidate that is none do no harm", async () => {
  const { call, port, pc } = await connected();
  call.told(["answer", { link: 9, sdp: sdp("late") }]);
  for (const candidate of ["nonsense", "5", "null"]) call.told(["candidate", { link: 9, candidate }]);
  call.told(["offer", { link: 9, turn: 2, restart: true }]);
  await settle();
  expect(port.said).toContain("described 9 2 restart");
  expect(port.said).not.toContain("failed 9");
  expect(pc.log.filter((each) => each === "remote answer").length).toBe(1);
});

test("a description that can't be used fails the link, once", async () => {
  for (const bad of [sdp("bad"), "m=audio", ""]) {
    FakePeerConnection.all = [];
    const { call, port } = joined({ ...OPEN, offers: false });
    call.told(["accept", { link: 9, turn: 1, sdp: bad }]);
    call.told(["accept", { link: 9, turn: 2, sdp: bad }]);
    await settle();
    expect(port.said.filter((each) => each === "failed 9").length).toBe(1);
    call.leave();
  }
});

test("encryption that has ended fails the link", async () => {
  const { port, pc } = await connected();
  const transport = pc.transceivers[0]?.sender.transport;
  if (transport) transport.state = "closed";
  await vi.advanceTimersByTimeAsync(900);
  expect(port.said, "another connection may follow").not.toContain("failed 9");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(port.said.filter((each) => each === "failed 9").length).toBe(1);
});

test("a channel that the other side opens fails the link", async () => {
  const { port, pc } = await connected();
  pc.ondatachannel?.();
  expect(port.said.filter((each) => each === "failed 9").length).toBe(1);
});

test("a flood of beats fails the link, and a hundred in time do not", async () => {
  const { port, pc } = await connected();
  for (let beat = 0; beat < 100; beat += 1) {
    pc.channel.onmessage?.();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(port.said).not.toContain("failed 9");
  for (let beat = 0; beat < 100; beat += 1) pc.channel.onmessage?.();
  expect(port.said.filter((each) => each === "failed 9").length).toBe(1);
});

test("sound has a limit as soon as it is negotiated", async () => {
  const { pc } = await connected();
  const limits = [0, 3].map((at) => pc.transceivers[at]?.sender.parameters.encodings[0]?.maxBitrate);
  expect(limits).toEqual([40_000, 96_000]);
});

test("orders become parameters, one at a time, also those that came early", async () => {
  const { call, pc } = joined();
  call.setTrack("camera", new FakeTrack("video").as());
  call.told(["order", { link: 9, source: 1, bitrate: 500_000, height: 360, rate: 30 }]);
  call.told(["offer", { link: 9, turn: 1, restart: false }]);
  call.told(["answer", { link: 9, sdp: sdp("theirs") }]);
  await settle();
  const sender = pc.transceivers[1]?.sender;
  const encoding = { active: true, maxBitrate: 500_000, scaleResolutionDownBy: 2, maxFramerate: 30 };
  expect(sender?.parameters.encodings).toEqual([encoding]);
  expect(sender?.parameters.degradationPreference).toBe("maintain-resolution");
  for (const bitrate of [100_000, 200_000, 0])
    call.told(["order", { link: 9, source: 1, bitrate, height: 180, rate: 15 }]);
  await settle();
  expect(sender?.parameters.encodings).toMatchObject([{ active: false }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sender?.parameters.degradationPreference).toBe("balanced");
  call.told(["order", { link: 9, source: 7, bitrate: 1, height: 1, rate: 1 }]);
});

test("key frames are forced four times", async () => {
  const { call, pc } = await connected();
  call.setTrack("camera", new FakeTrack("video").as());
  call.told(["key", { link: 9 }]);
  await vi.advanceTimersByTimeAsync(60);
  expect(pc.transceivers[1]?.sender.keyFrames).toBe(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(pc.transceivers.map(({ sender }) => sender.keyFrames)).toEqual([0, 4, 0, 0]);
});

test("what is left half way tells nothing any more", async () => {
  const { call, port, pc } = joined();
  let opened: () => void = () => undefined;
  pc.gate = new Promise((resolve) => (opened = resolve));
  call.told(["offer", { link: 9, turn: 1, restart: false }]);
  await settle();
  call.told(["close", { link: 9 }]);
  opened();
  await settle();
  expect(port.said.some((each) => each.startsWith("described"))).toBe(false);
  call.told(["offer", { link: 9, turn: 2, restart: false }]);
  call.told(["close", { link: 9 }]);
});
