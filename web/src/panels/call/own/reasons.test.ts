import { expect, test } from "vitest";
import { explained, NoInterface, reasonOf, type Device, type Reason } from "./reasons";

const thrown = (name: string, message = "") => Object.assign(new Error(message), { name });

test.each<[unknown, Device, Reason]>([
  [thrown("NotAllowedError", "Permission denied"), "microphone", "denied"],
  [thrown("NotAllowedError", "Permission denied by system"), "camera", "system"],
  [thrown("NotAllowedError", "Permission dismissed"), "microphone", "dismissed"],
  [thrown("NotAllowedError", "Permission denied"), "screen", "dismissed"],
  [thrown("NotAllowedError", "Permission denied by system"), "screen", "system"],
  [thrown("NotFoundError", "Requested device not found"), "camera", "none"],
  [thrown("NotReadableError", "Could not start video source"), "camera", "busy"],
  [thrown("AbortError"), "camera", "busy"],
  [new NoInterface(), "screen", "unsupported"],
  [thrown("SomethingElse"), "camera", "unknown"],
  ["not an error", "camera", "unknown"],
])("%s for the %s is %s", (error, device, reason) => {
  expect(reasonOf(error, device, true)).toBe(reason);
});

test("a page outside of a secure context has none, whatever the error", () => {
  expect(reasonOf(new NoInterface(), "camera", false)).toBe("insecure");
  expect(reasonOf(thrown("NotAllowedError"), "screen", false)).toBe("insecure");
});

test("every reason is explained in sentences that name the device", () => {
  const reasons: Reason[] = [
    "denied",
    "system",
    "dismissed",
    "none",
    "busy",
    "insecure",
    "unsupported",
    "unknown",
  ];
  for (const reason of reasons) {
    expect(explained(reason, "microphone")).toMatch(/microphone.*\.$/);
    expect(explained(reason, "camera")).toMatch(/camera.*\.$/);
    expect(explained(reason, "screen")).toMatch(/\.$/);
  }
});
