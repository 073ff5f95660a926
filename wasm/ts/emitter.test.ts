import { expect, test, vi } from "vitest";
import { Emitter } from "./emitter.js";

interface Events {
  said: string;
  over: undefined;
}

test("a listener hears its event until it is removed", () => {
  const events = new Emitter<Events>();
  const heard = vi.fn();
  expect(events.emit("said", "to nobody")).toBe(false);
  const stop = events.on("said", heard);
  events.on("over", heard);
  expect(events.emit("said", "one")).toBe(true);
  stop();
  expect(events.emit("said", "two")).toBe(false);
  expect(heard.mock.calls).toEqual([["one"]]);
});

test("a function that listens twice is removed once at a time", () => {
  const events = new Emitter<Events>();
  const heard = vi.fn();
  const stop = events.on("said", heard);
  events.on("said", heard);
  stop();
  stop();
  events.emit("said", "one");
  expect(heard).toHaveBeenCalledOnce();
});

test("a listener that throws is reported, and the others hear", () => {
  const soon = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => undefined);
  const events = new Emitter<Events>();
  const heard = vi.fn();
  events.on("over", () => {
    throw new Error("mine");
  });
  events.on("over", heard);
  events.emit("over", undefined);
  expect(heard).toHaveBeenCalledOnce();
  expect(soon.mock.calls.map(([report]) => report)[0]).toThrow("mine");
  soon.mockRestore();
});

test("a listener that another one removed, or added, meanwhile hears nothing", () => {
  const events = new Emitter<Events>();
  const heard = vi.fn();
  events.on("said", () => {
    stop();
    events.on("said", heard);
  });
  const stop = events.on("said", heard);
  events.emit("said", "one");
  expect(heard).not.toHaveBeenCalled();
});
