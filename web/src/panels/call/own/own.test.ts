// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { Own } from "./own";

/** A track whose device can be pulled out. */
class Track extends EventTarget {
  readyState: "live" | "ended" = "live";
  muted = false;
  enabled = true;
  contentHint = "";
  constructor(
    readonly kind: "audio" | "video",
    readonly label: string,
  ) {
    super();
  }
  getSettings = () => ({ deviceId: this.label });
  stop(): void {
    this.readyState = "ended";
  }
  end(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
}

/** The browser's next answer: the name of an error, or a device. */
let answers: (string | Error)[] = [];
let asked: MediaStreamConstraints[] = [];
let given: Track[] = [];
const mediaDevices = Object.assign(new EventTarget(), {
  getUserMedia: (constraints: MediaStreamConstraints) => {
    asked.push(constraints);
    const answer = answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    const track = new Track(constraints.audio ? "audio" : "video", answer ?? "default");
    given.push(track);
    return Promise.resolve({ getTracks: () => [track] });
  },
  enumerateDevices: () =>
    Promise.resolve(
      ["headset", "default"].map((deviceId) => ({ deviceId, kind: "audioinput", label: deviceId })),
    ),
});
vi.stubGlobal("isSecureContext", true);
Object.defineProperty(navigator, "mediaDevices", { value: mediaDevices });

const failure = (name: string) => Object.assign(new Error(name), { name });

function own() {
  const sent: (string | null)[] = [];
  const told: string[] = [];
  const made = new Own({
    changed: (source, track) => sent.push(track ? `${source} ${track.label}` : `${source} off`),
    told: (sentence) => told.push(sentence),
  });
  return { made, sent, told };
}

beforeEach(() => {
  answers = [];
  asked = [];
  given = [];
});

test("a device is turned on and off", async () => {
  const { made, sent } = own();
  answers = ["headset"];
  expect(await made.start("microphone")).toBe(true);
  made.stop("microphone");
  expect(sent).toEqual(["microphone headset", "microphone off"]);
  expect(given.map(({ readyState }) => readyState)).toEqual(["ended"]);
});

test("the track before goes on until another one is there, and then ends", async () => {
  const { made, sent } = own();
  answers = ["headset", "other"];
  await made.start("microphone");
  const change = made.pick("microphone", "other");
  expect(given[0]?.readyState).toBe("live");
  await change;
  expect(given.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
  expect(sent).toEqual(["microphone headset", "microphone other"]);
  expect(asked[1]?.audio).toMatchObject({ deviceId: { ideal: "other" } });
});

test("what is given after the person turned it off is stopped at once", async () => {
  const { made, sent } = own();
  const starting = made.start("camera");
  made.stop("camera");
  expect(await starting).toBe(false);
  expect(given.map(({ readyState }) => readyState)).toEqual(["ended"]);
  expect(sent).toEqual([]);
});

test("a refused camera is explained, and the microphone is not concerned", async () => {
  const { made, sent } = own();
  answers = ["headset", failure("NotAllowedError")];
  await made.start("microphone");
  expect(await made.start("camera")).toBe(false);
  expect(made.state.getState().camera.problem).toMatch(/may not use your camera/);
  expect(made.track("microphone")).toBe(given[0]);
  expect(sent).toEqual(["microphone headset"]);
  made.dismiss("camera");
  expect(made.state.getState().camera).toEqual({});
});

test("a failed change leaves the device of before", async () => {
  const { made } = own();
  answers = ["headset", failure("NotFoundError")];
  await made.start("microphone");
  await made.pick("microphone", "other");
  expect(made.track("microphone")).toBe(given[0]);
  expect(made.state.getState().microphone.problem).toMatch(/No microphone was found/);
});

test("a camera that is busy because the page has it is stopped first", async () => {
  const { made } = own();
  answers = ["front", failure("NotReadableError"), "back"];
  await made.start("camera");
  await made.pick("camera", "back");
  expect(made.track("camera")?.label).toBe("back");
  expect(given[0]?.readyState).toBe("ended");
});

test("an unplugged device is replaced by the default without a pause, and taken again when it is back", async () => {
  const { made, sent, told } = own();
  answers = ["headset", "default", "headset"];
  await made.start("microphone");
  given[0]?.end();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toContain("“default” is used now");
  expect(sent).toEqual(["microphone headset", "microphone default"]);

  mediaDevices.dispatchEvent(new Event("devicechange"));
  await vi.waitFor(() => expect(sent.at(-1)).toBe("microphone headset"));
  expect(asked.at(-1)?.audio).toMatchObject({ deviceId: { ideal: "headset" } });
});

test("an unplugged device without any other is off, and the person is told", async () => {
  const { made, sent, told } = own();
  answers = ["headset", failure("NotFoundError")];
  await made.start("microphone");
  given[0]?.end();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(sent).toEqual(["microphone headset", "microphone off"]);
  expect(made.track("microphone")).toBeUndefined();
});

test("when the room is left nothing stays on", async () => {
  const { made } = own();
  await made.start("microphone");
  await made.start("camera");
  made.close();
  expect(given.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
  expect(await made.start("camera")).toBe(false);
  expect(given.length).toBe(2);
});
