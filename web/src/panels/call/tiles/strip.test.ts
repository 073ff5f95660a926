import { expect, test } from "vitest";
import { attendee } from "../samples";
import { stripOf } from "./strip";

const ids = (...parameters: Parameters<typeof stripOf>) => stripOf(...parameters).map(({ id }) => id);

test("the strip has the speaker first, then a screen, then cameras", () => {
  const all = [
    attendee(1, { self: true }),
    attendee(2, { camera: false }),
    attendee(3, { screen: true }),
    attendee(4),
    attendee(5),
  ];
  expect(ids(all, 5)).toEqual(["5-camera", "3-screen", "3-camera"]);
  expect(ids(all, undefined)).toEqual(["3-screen", "3-camera", "4-camera"]);
  expect(ids(all, 2)[0]).toBe("2-camera");
});

test("whoever is alone sees themselves", () => {
  expect(ids([attendee(1, { self: true })], undefined)).toEqual(["1-camera"]);
});
