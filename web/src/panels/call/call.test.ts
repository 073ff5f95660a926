// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import type { Attendee, Person, Tool } from "../../engine";
import type { Rights } from "../../session/rights";
import type { RoomSession } from "../../session/session";
import { attendee, SampleCall } from "./samples";

const told: string[] = [];
/** By id: what is in sight, where nothing is told without one. */
const inSight = new Map<string, string>();
vi.mock("sonner", () => ({
  toast: Object.assign((text: string) => told.push(text), {
    info: (text: string, { id }: { id: string }) => {
      told.push(text);
      inSight.set(id, text);
    },
    warning: (text: string) => told.push(text),
  }),
}));
class Observer {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}
vi.stubGlobal("IntersectionObserver", Observer);
vi.stubGlobal("ResizeObserver", Observer);
vi.stubGlobal("isSecureContext", true);
vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();

const given: { kind: string; readyState: string }[] = [];
const mediaDevices = Object.assign(new EventTarget(), {
  enumerateDevices: () => Promise.resolve([]),
  getUserMedia: ({ audio }: MediaStreamConstraints) => {
    const track = Object.assign(new EventTarget(), {
      kind: audio ? "audio" : "video",
      readyState: "live",
      getSettings: () => ({}),
      stop: () => (track.readyState = "ended"),
    });
    given.push(track);
    return Promise.resolve({ getTracks: () => [track] });
  },
});
Object.defineProperty(navigator, "mediaDevices", { value: mediaDevices });
const live = () => given.filter(({ readyState }) => readyState === "live").map(({ kind }) => kind);

const { RoomCall } = await import("./call");

const EVERYTHING: Rights = { role: "participant", tools: new Set<Tool>(["call", "screen"]) };

async function opened() {
  const call = new SampleCall();
  call.others = [attendee(2)];
  let heard: ((now: { rights: Rights }, before: { rights: Rights }) => void) | undefined;
  const session = {
    room: { call: () => Promise.resolve(call) },
    person: () => ({ name: "Bob" }) as Person,
    personBehind: () => ({ name: "Bob" }) as Person,
    state: {
      subscribe: (listener: typeof heard) => {
        heard = listener;
        return () => (heard = undefined);
      },
    },
  } as unknown as RoomSession;
  const room = new RoomCall(session);
  await vi.waitFor(() => expect(room.state.getState().call).toBe(call));
  return { call, room, become: (rights: Rights) => heard?.({ rights }, { rights: EVERYTHING }) };
}

async function joined() {
  const all = await opened();
  await all.room.own.start("microphone");
  await all.room.own.start("camera");
  all.room.join();
  return all;
}

beforeEach(() => {
  told.length = 0;
  inSight.clear();
  given.length = 0;
  document.body.replaceChildren();
});

test("nothing is asked for before somebody turns it on, and one joins without", async () => {
  const { call, room } = await opened();
  expect(room.state.getState().attendees.map(({ client }) => client)).toEqual([2]);
  room.join();
  expect(given).toEqual([]);
  expect(call.joined).toBe(true);
  expect(room.state.getState()).toMatchObject({ joined: true, muted: false });
});

test("what was turned on is sent, and is off after leaving", async () => {
  const { call, room } = await joined();
  expect([...call.sent.keys()]).toEqual(["microphone", "camera"]);
  room.leave();
  expect(live()).toEqual([]);
  expect(call.sent.size).toBe(0);
  expect(room.state.getState()).toMatchObject({ joined: false, pinned: undefined });
});

test("somebody who joined without a microphone turns it on by unmuting", async () => {
  const { call, room } = await opened();
  room.join();
  room.setMuted(false);
  await vi.waitFor(() => expect([...call.sent.keys()]).toEqual(["microphone"]));
});

test("a held key is heard for as long as it is held, and only of somebody who is muted", async () => {
  const { call, room } = await joined();
  room.talk(true);
  expect(room.state.getState().talking).toBe(false);
  room.setMuted(true);
  room.talk(true);
  expect(call.muted).toBe(false);
  room.talk(false);
  expect(call.muted).toBe(true);
  expect(room.state.getState()).toMatchObject({ muted: true, talking: false });
});

test("a moderator mutes, and may end somebody's part: it is done, and the person knows by whom", async () => {
  const { call, room } = await joined();
  call.emit("asked", { client: 2, request: "mute" });
  expect(room.state.getState().muted).toBe(true);
  expect(live()).toEqual(["audio", "video"]);
  call.leave();
  call.emit("asked", { client: 2, request: "leave" });
  call.emit("changed", undefined);
  expect(live()).toEqual([]);
  expect(room.state.getState().joined).toBe(false);
  expect(told).toEqual([expect.stringMatching(/^Bob muted you/), "Bob removed you from the call."]);
});

test("whoever loses the right to speak has no microphone and no camera on", async () => {
  const { become, call, room } = await joined();
  become({ role: "participant", tools: new Set<Tool>(["screen"]) });
  expect(live()).toEqual([]);
  expect(room.state.getState().joined).toBe(true);
  expect(call.joined).toBe(true);
});

test("everybody is told who records, and when it is over", async () => {
  const { call, room } = await joined();
  call.others = [attendee(2, { recording: true })];
  call.emit("changed", undefined);
  call.others = [attendee(2)];
  call.emit("changed", undefined);
  call.emit("changed", undefined);
  expect(told).toEqual(["Bob records the call.", "Bob has stopped recording."]);
  expect(room.recorder.state.getState().phase).toBe("off");
});

test("what is told again replaces what was told before", async () => {
  const { call } = await joined();
  for (let again = 0; again < 20; again += 1) {
    call.others = [attendee(2, { recording: true }), attendee(3, { recording: true })];
    call.emit("changed", undefined);
    call.others = [attendee(2), attendee(3)];
    call.emit("changed", undefined);
    call.emit("asked", { client: 2, request: "mute" });
    call.emit("asked", { client: 2, request: "stop-share" });
  }
  expect(told).toHaveLength(120);
  expect([...inSight.keys()]).toEqual([
    "call recording 2",
    "call recording 3",
    "call mute 2",
    "call stop-share 2",
  ]);
  expect(inSight.get("call recording 2")).toBe("Bob has stopped recording.");
});

test("somebody who can't record is told so, and nobody else hears of it", async () => {
  const { room } = await joined();
  await room.recorder.start();
  const { phase, problem } = room.recorder.state.getState();
  expect(phase).toBe("off");
  expect(problem).toMatch(/can’t record/);
});

test("one is told of a call once, and of the next one again", async () => {
  const { call, room } = await opened();
  const noticed = () => room.state.getState().noticed;
  expect(noticed()).toBe(false);
  room.state.setState({ noticed: true });
  vi.useFakeTimers();
  try {
    const goes = (others: Attendee[], ms: number) => {
      call.others = others;
      call.emit("changed", undefined);
      vi.advanceTimersByTime(ms);
    };
    // Away for a moment.
    goes([], 5_000);
    goes([attendee(2)], 60_000);
    expect(noticed()).toBe(true);
    goes([], 60_000);
    expect(noticed()).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test("when the room is left everything ends", async () => {
  const { call, room } = await joined();
  room.close();
  expect(call.joined).toBe(false);
  expect(live()).toEqual([]);
  expect(call.heard).toBe(0);
  expect(document.body.innerHTML).toBe("");
});
