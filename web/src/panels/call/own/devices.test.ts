import { expect, test } from "vitest";
import { listsOf } from "./devices";

const found = [
  { kind: "audioinput", deviceId: "a", label: "Headset" },
  { kind: "audioinput", deviceId: "b", label: "" },
  { kind: "videoinput", deviceId: "", label: "" },
  { kind: "audiooutput", deviceId: "c", label: "Loudspeaker" },
] as const;

test("devices are listed by kind, with a name in any case", () => {
  const { microphones, speakers } = listsOf(found, true);
  expect(microphones.map(({ label }) => label)).toEqual(["Headset", "Microphone 2"]);
  expect(speakers).toEqual([{ id: "c", label: "Loudspeaker" }]);
});

test("a device that nothing is known about can't be chosen", () => {
  expect(listsOf(found, true).cameras).toEqual([]);
});

test("speakers are left out where the browser does not let a page choose", () => {
  expect(listsOf(found, false).speakers).toEqual([]);
});
