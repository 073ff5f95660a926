// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { choose } from "./choices";
import { startGranted } from "./granted";

let states: Record<string, PermissionState> = {};
/** Called while the browser looks a permission up. */
let looking: (name: string) => void = () => undefined;
const query = ({ name }: PermissionDescriptor) => {
  looking(name);
  return Promise.resolve({ state: states[name] });
};
Object.defineProperty(navigator, "permissions", { value: { query } });

function own(refresh: () => void = () => undefined) {
  const started: string[] = [];
  const made = {
    devices: {
      refresh: () => {
        refresh();
        return Promise.resolve();
      },
    },
    track: () => undefined,
    start: (device: string) => {
      started.push(device);
      return Promise.resolve(true);
    },
  };
  return { made, started };
}

beforeEach(() => {
  states = { microphone: "granted", camera: "granted" };
  looking = () => undefined;
  choose({ withoutMicrophone: false, withCamera: true });
});

test("what is granted and was used is turned on", async () => {
  const { made, started } = own();
  await startGranted(made, new AbortController().signal);
  expect(started).toEqual(["microphone", "camera"]);
});

test("what the browser would ask for, or was left off, stays off", async () => {
  states.camera = "prompt";
  choose({ withoutMicrophone: true });
  const { made, started } = own();
  await startGranted(made, new AbortController().signal);
  expect(started).toEqual([]);
});

test("nothing starts after the person closed the dialog, at whatever moment", async () => {
  const whileListing = new AbortController();
  const first = own(() => whileListing.abort());
  await startGranted(first.made, whileListing.signal);
  expect(first.started).toEqual([]);

  const whileLooking = new AbortController();
  looking = (name) => {
    if (name === "camera") whileLooking.abort();
  };
  const second = own();
  await startGranted(second.made, whileLooking.signal);
  expect(second.started).toEqual(["microphone"]);
});
