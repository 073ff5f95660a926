import { expect, test } from "vitest";
import { attendee } from "./samples";
import { stateOf } from "./words";

test("the marks on a tile are said in words", () => {
  expect(stateOf(attendee(2))).toBe("");
  expect(stateOf(attendee(2, { microphone: "muted", hand: true }))).toBe("muted, hand raised");
  expect(stateOf(attendee(2, { microphone: "off", camera: false, screen: true, recording: true }))).toBe(
    "no microphone, no camera, shares a screen, recording",
  );
});
