// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attendee, SampleCall } from "./samples";
import { Sound } from "./sound";

/** Whether the browser plays without a press. */
let refused = false;
const play = vi
  .spyOn(HTMLMediaElement.prototype, "play")
  .mockImplementation(() =>
    refused
      ? Promise.reject(Object.assign(new Error("press first"), { name: "NotAllowedError" }))
      : Promise.resolve(),
  );

const stream = () => ({}) as MediaStream;

function elements(): string[] {
  return [...document.querySelectorAll<HTMLAudioElement>("[data-call-sound] audio")].map(
    ({ dataset, volume }) => `${dataset.client} ${dataset.source} ${volume}`,
  );
}

function call(): SampleCall {
  const made = new SampleCall();
  made.joined = true;
  made.others = [attendee(2), attendee(3)];
  made.streams.set("1 microphone", stream());
  made.streams.set("2 microphone", stream());
  made.streams.set("3 screen-sound", stream());
  return made;
}

const made: Sound[] = [];
function played(): Sound {
  const sound = new Sound();
  made.push(sound);
  return sound;
}

afterEach(() => {
  for (const sound of made.splice(0)) sound.close();
});

beforeEach(() => {
  refused = false;
  play.mockClear();
  document.body.replaceChildren();
});

test("what others send is played, and nobody hears themselves", () => {
  played().update(call());
  expect(elements()).toEqual(["2 microphone 1", "3 screen-sound 1"]);
});

test("an element stays as long as its stream, and is gone with it", () => {
  const sound = played();
  const sent = call();
  sound.update(sent);
  const before = document.querySelector("audio");
  sound.update(sent);
  expect(document.querySelector("audio")).toBe(before);
  sent.streams.delete("2 microphone");
  sound.update(sent);
  expect(elements()).toEqual(["3 screen-sound 1"]);
  expect(before?.srcObject ?? null).toBeNull();
  sent.joined = false;
  sound.update(sent);
  expect(elements()).toEqual([]);
});

test("a volume is that of the person, for all that they send, also later", () => {
  const sound = played();
  const sent = call();
  sound.update(sent);
  sound.setVolume("2", 0.25);
  expect(elements()).toEqual(["2 microphone 0.25", "3 screen-sound 1"]);
  sent.streams.set("2 screen-sound", stream());
  sound.update(sent);
  expect(elements()).toContain("2 screen-sound 0.25");
});

test("a browser that wants a press first gets one", async () => {
  refused = true;
  const sound = played();
  sound.update(call());
  await vi.waitFor(() => expect(sound.state.getState().blocked).toBe(true));
  refused = false;
  sound.playAll();
  await Promise.resolve();
  expect(sound.state.getState().blocked).toBe(false);
});

test("a page of the same person starts silent, and can be made louder", () => {
  const sound = played();
  const sent = call();
  sent.others = [attendee(2, { member: "1" }), attendee(3)];
  sound.update(sent);
  expect(elements()).toEqual(["2 microphone 0", "3 screen-sound 1"]);
  sound.setVolume("1", 0.5);
  sound.update(sent);
  expect(elements()).toEqual(["2 microphone 0.5", "3 screen-sound 1"]);
});

test("what the system paused is played again, unless it is over", () => {
  vi.useFakeTimers();
  try {
    const sound = played();
    const sent = call();
    sound.update(sent);
    const [first, second] = document.querySelectorAll("audio");
    expect(play).toHaveBeenCalledTimes(2);
    for (const element of [first, second]) element?.dispatchEvent(new Event("pause"));
    sent.streams.delete("3 screen-sound");
    sound.update(sent);
    vi.runAllTimers();
    expect(play.mock.contexts.slice(2)).toEqual([first]);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(play.mock.contexts.slice(2)).toEqual([first, first]);
    sound.close();
    document.dispatchEvent(new Event("visibilitychange"));
    expect(play).toHaveBeenCalledTimes(4);
  } finally {
    vi.useRealTimers();
  }
});

test("when the room is left nothing is left of it in the page", () => {
  const sound = played();
  sound.update(call());
  sound.close();
  expect(document.body.innerHTML).toBe("");
});
