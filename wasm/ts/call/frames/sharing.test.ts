/** The camera of a page on its way to several receivers, with a browser of the test's own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeEncoder } from "../testing/encoded.js";
import {
  FakePeerConnection,
  FakeSender,
  FakeTrack,
  pretend,
  pretendFrames,
  restore,
} from "../testing/fakes.js";
import { OWN_ENCODER } from "./frames.js";
import { Realm } from "./realm.js";
import { Sharing } from "./sharing.js";

beforeEach(() => {
  pretend();
  pretendFrames();
});
afterEach(restore);

const MIDDLE = { source: 1, height: 360, rate: 25, bitrate: 500_000 };

/** So many receivers whose own encoders are going. */
async function scene(receivers: number) {
  const track = {
    now: new FakeTrack("video").as() as MediaStreamTrack | undefined,
  };
  let late: () => void = () => undefined;
  const sharing = new Sharing(
    () => track.now,
    undefined,
    (heard) => {
      const realm = new Realm((told) => (told.is === "ready" ? (late = () => heard(told)) : heard(told)));
      return { tell: (told) => realm.told(told), close: () => undefined };
    },
  );
  late();
  const all = Array.from({ length: receivers }, () => {
    const sender = new FakeSender();
    const changed = vi.fn();
    const frames = sharing.add(sender as unknown as RTCRtpSender, changed);
    return { sender, changed, frames, own: new FakeEncoder(1_000, 360) };
  });
  let count = 0;
  const scene = {
    ...{ sharing, track, all },
    /** All own encoders make a frame, and so does each of the shared ones if `shared`. */
    tick: async (shared: "key" | "delta" | undefined, own: "key" | "delta" = "delta") => {
      await vi.advanceTimersByTimeAsync(200);
      for (const each of all) each.sender.encoded.put(each.own[own](performance.now()));
      for (const sender of scene.encoders()) if (shared) sender.encoded.put(made[shared](performance.now()));
      await vi.advanceTimersByTimeAsync(0);
      sharing.tick((count += 1));
      await vi.advanceTimersByTimeAsync(0);
    },
    /** Senders of the encoders for many. */
    encoders: () =>
      FakePeerConnection.all
        .filter(({ closed, log }) => !closed && log[0] !== "remote offer")
        .flatMap((pc) => pc.transceivers.map(({ sender }) => sender)),
    copied: () => all.map(({ frames }) => (frames.copied ? "copied" : "own")).join(" "),
  };
  const made = new FakeEncoder(9_000, 360);
  for (const { frames } of all) frames.steer(MIDDLE);
  await scene.tick(undefined, "key");
  return scene;
}

async function copying(receivers: number) {
  const all = await scene(receivers);
  await all.tick("key");
  return all;
}

test("a camera that several are to get the same of is encoded once", async () => {
  const { encoders, copied, all } = await copying(3);
  expect(encoders().length).toBe(1);
  expect(encoders()[0]?.parameters.encodings).toMatchObject([{ maxBitrate: 500_000, maxFramerate: 25 }]);
  expect(copied()).toBe("copied copied copied");
  expect(all.map(({ changed }) => changed.mock.calls.length)).toEqual([1, 1, 1]);
  expect(all[0]?.frames.sent()).toMatchObject({
    height: 360,
    limitedByCpu: false,
  });
});

test("one receiver, or a browser that keeps its frames, has the own encoder", async () => {
  const one = await copying(1);
  expect([one.encoders().length, one.copied()]).toEqual([0, "own"]);
  vi.stubGlobal("RTCEncodedVideoFrame", undefined);
  expect((await scene(2)).all.map(({ frames }) => frames)).toEqual([OWN_ENCODER, OWN_ENCODER]);
});

test("one that goes changes nothing for the others", async () => {
  const { all, tick, copied, encoders } = await copying(3);
  const keys = encoders()[0]?.keyFrames;
  all[0]?.frames.close();
  await tick("delta");
  expect(copied()).toBe("own copied copied");
  expect(encoders()[0]?.keyFrames).toBe(keys);
});

test("a receiver that is ordered something else gets it from its own encoder", async () => {
  const { all, tick, copied } = await copying(3);
  all[1]?.frames.steer({ ...MIDDLE, height: 180, rate: 15, bitrate: 150_000 });
  await tick("delta");
  expect(copied()).toBe("copied own copied");
  all[1]?.frames.steer(MIDDLE);
  await tick("delta");
  await tick("key");
  expect(copied()).toBe("copied copied copied");
});

test("a receiver that is paused gets nothing at once, and the last two end the sharing", async () => {
  const { all, tick, copied, encoders } = await copying(2);
  all[0]?.frames.steer({ ...MIDDLE, bitrate: 0 });
  expect(copied()).toBe("own copied");
  await tick("delta");
  await tick(undefined, "key");
  await tick(undefined);
  expect([copied(), encoders().length]).toEqual(["own own", 0]);
});

test("copies that a line does not carry are thinned, then left to the own encoder until there is room", async () => {
  const { all, tick, copied } = await copying(3);
  const narrow = all[2];
  const room = (bits: number) => {
    const pair = {
      id: "pair",
      type: "candidate-pair",
      availableOutgoingBitrate: bits,
    };
    if (narrow)
      narrow.sender.stats = [{ id: "transport", type: "transport", selectedCandidatePairId: "pair" }, pair];
  };
  room(40_000);
  for (let ticks = 0; ticks < 4; ticks += 1) await tick("delta");
  expect(copied()).toBe("copied copied own");
  await tick(undefined, "key");
  for (let ticks = 0; ticks < 60; ticks += 1) await tick(ticks % 5 === 0 ? "key" : "delta");
  expect(copied()).toBe("copied copied own");
  room(2_000_000);
  for (let ticks = 0; ticks < 12; ticks += 1) await tick(ticks % 5 === 0 ? "key" : "delta");
  expect(copied()).toBe("copied copied copied");
});

test("where no copy comes, each encodes for itself", async () => {
  const { tick, copied, encoders } = await scene(2);
  for (let ticks = 0; ticks < 15; ticks += 1) await tick(undefined);
  expect([copied(), encoders().length]).toEqual(["own own", 0]);
});

test("an encoder that stops while the camera goes on ends the sharing for good", async () => {
  const { tick, copied, encoders } = await copying(2);
  for (let ticks = 0; ticks < 15; ticks += 1) await tick(undefined);
  expect([copied(), encoders().length]).toEqual(["own own", 0]);
  for (let ticks = 0; ticks < 5; ticks += 1) await tick("key", "key");
  expect([copied(), encoders().length]).toEqual(["own own", 0]);
});

test("a camera that is off is encoded by nobody", async () => {
  const { sharing, track, tick, copied, encoders } = await copying(2);
  track.now = undefined;
  sharing.changed();
  await tick(undefined);
  expect([copied(), encoders().length, FakePeerConnection.open]).toEqual(["own own", 0, 0]);
});
