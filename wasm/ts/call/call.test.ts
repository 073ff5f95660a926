/** A call as a page uses and sees it, with an engine and a browser that are the test's own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OpenCall } from "./call.js";
import { FLAG, MAY } from "./flags.js";
import { attendee, FakePeerConnection, FakePort, FakeTrack, pretend, restore, sdp } from "./testing/fakes.js";
import { connected, OPEN, settle } from "./testing/joined.js";

beforeEach(pretend);
afterEach(restore);

test("tracks given before and after go out, and others are told", async () => {
  const port = new FakePort();
  port.state = { joined: false, attendees: [attendee(2, 0)] };
  const call = new OpenCall(port);
  const [microphone, camera, another] = [
    new FakeTrack("audio"),
    new FakeTrack("video"),
    new FakeTrack("video"),
  ];
  call.setTrack("microphone", microphone.as());
  call.setMuted(true);
  expect(microphone.enabled).toBe(false);
  expect(port.said).toEqual([]);
  call.join();
  expect(port.said).toContain(`sending ${FLAG.microphone | FLAG.muted}`);
  call.told(["open", OPEN]);
  call.told(["offer", { link: 9, turn: 1, restart: false }]);
  await settle();
  const tracks = () => FakePeerConnection.all[0]?.transceivers.map(({ sender }) => sender.track);
  expect(tracks()).toEqual([microphone, null, null, null]);
  call.setTrack("camera", camera.as());
  call.setTrack("camera", another.as());
  await settle();
  expect(tracks()).toEqual([microphone, another, null, null]);
  expect(port.said.at(-1)).toBe(`sending ${FLAG.microphone | FLAG.muted | FLAG.camera}`);
  camera.end();
  expect(tracks()?.[1], "it was another's").toBe(another);
  another.end();
  await settle();
  expect(tracks()).toEqual([microphone, null, null, null]);
  expect(port.said.at(-1)).toBe(`sending ${FLAG.microphone | FLAG.muted}`);
  expect(() => call.setTrack("camera", microphone.as())).toThrow(TypeError);
});

test("a track that the page stopped without a word is not sent any more", async () => {
  const { call, port } = await connected();
  const camera = new FakeTrack("video");
  call.setTrack("camera", camera.as());
  camera.readyState = "ended";
  await vi.advanceTimersByTimeAsync(1_000);
  expect(port.said.at(-1)).toBe("sending 0");
});

test("a stream is there while it is sent and allowed", async () => {
  const { call, port, pc } = await connected();
  const told: number[] = [];
  call.on("streams", (client) => told.push(client));
  const become = (flags: number, may = 3) => {
    port.state = { joined: true, attendees: [attendee(1, 0, true), attendee(2, flags, false, may)] };
    call.told(["changed", null]);
  };
  expect(call.stream(2, "camera")).toBeUndefined();
  become(FLAG.camera);
  const stream = call.stream(2, "camera");
  const track = pc.transceivers[1]?.receiver.track;
  expect(stream?.getTracks()).toEqual([track]);
  become(FLAG.camera | FLAG.hand);
  expect(call.stream(2, "camera")).toBe(stream);
  expect(told).toEqual([2]);
  become(FLAG.camera, MAY.share);
  expect(call.stream(2, "camera")).toBeUndefined();
  expect(track?.enabled, "a page that kept the stream sees nothing").toBe(false);
  become(FLAG.camera);
  expect(track?.enabled).toBe(true);
  become(0);
  expect(told).toEqual([2, 2, 2, 2]);
});

test("what was shown stays until another connection shows it", async () => {
  const { call, port } = await connected();
  port.state = { joined: true, attendees: [attendee(1, 0, true), attendee(2, FLAG.camera)] };
  call.told(["changed", null]);
  const before = call.stream(2, "camera");
  call.told(["close", { link: 9 }]);
  call.told(["open", { ...OPEN, link: 10 }]);
  expect(call.stream(2, "camera")).toBe(before);
  call.told(["offer", { link: 10, turn: 1, restart: false }]);
  call.told(["answer", { link: 10, sdp: sdp("theirs") }]);
  await settle();
  const track = FakePeerConnection.all[1]?.transceivers[1]?.receiver.track;
  expect(call.stream(2, "camera")?.getTracks()).toEqual([track]);
});

test("own streams are those of the tracks", async () => {
  const { call } = await connected();
  const camera = new FakeTrack("video");
  call.setTrack("camera", camera.as());
  expect(call.stream(1, "camera")?.getTracks()).toEqual([camera]);
  call.setTrack("camera", null);
  expect(call.stream(1, "camera")).toBeUndefined();
});

test("a moderator's requests are done before the page is told", async () => {
  const { call, port } = await connected();
  const [microphone, screen, sound] = [
    new FakeTrack("audio"),
    new FakeTrack("video"),
    new FakeTrack("audio"),
  ];
  call.setTrack("microphone", microphone.as());
  call.setTrack("screen", screen.as());
  call.setTrack("screen-sound", sound.as());
  const told: string[] = [];
  call.on("asked", ({ client, request }) => {
    told.push(`${client} ${request} ${microphone.enabled} ${port.said.at(-1)} ${FakePeerConnection.open}`);
  });
  call.told(["asked", { client: 2, request: 0 }]);
  call.told(["asked", { client: 2, request: 1 }]);
  call.told(["asked", { client: 2, request: 77 }]);
  port.state = { joined: false, attendees: [] };
  call.told(["asked", { client: 2, request: 2 }]);
  expect(told).toEqual([
    `2 mute false sending ${FLAG.microphone | FLAG.muted | FLAG.screen | FLAG.screenSound} 1`,
    `2 stop-share false sending ${FLAG.microphone | FLAG.muted} 1`,
    `2 leave false sending ${FLAG.microphone | FLAG.muted} 0`,
  ]);
  expect(call.joined).toBe(false);
  expect(port.said).not.toContain("leave");
  expect(screen.readyState, "the track is the page's").toBe("live");
});

test("after leaving nothing is left, and joining again works", async () => {
  const { call, port } = await connected();
  call.setTrack("camera", new FakeTrack("video").as());
  call.setHand(true);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(port.measured.length).toBeGreaterThan(1);
  call.told(["key", { link: 9 }]);
  call.leave();
  call.leave();
  expect(port.said.filter((each) => each === "leave").length).toBe(1);
  expect(FakePeerConnection.open).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(call.stream(1, "camera")).toBeUndefined();
  expect(call.joined).toBe(false);
  expect(call.samples(2)).toEqual([]);
  call.join();
  expect(call.joined).toBe(true);
  expect(port.said).toContain(`sending ${FLAG.camera}`);
  expect(call.stream(1, "camera")).toBeDefined();
});

test("two minutes of samples are kept", async () => {
  const { call } = await connected();
  await vi.advanceTimersByTimeAsync(130_000);
  expect(call.samples(2).length).toBe(120);
});
