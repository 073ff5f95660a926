import { expect, test } from "vitest";
import { attendee } from "../samples";
import { startOf } from "./kept";
import { recordingNews } from "./news";
import { CannotRecord, FAILED, NO_ROOM, why, whyEnded } from "./reasons";
import { fileName } from "./save";
import { endingOf } from "./sink";

test("the name of a kept recording says when it began; other files are none", () => {
  expect(startOf("1796090704580.webm")).toBe(1_796_090_704_580);
  expect(startOf("1796090704580.mp4")).toBe(1_796_090_704_580);
  for (const name of ["notes.txt", "12.webm", "1796090704580.webm.crswap", "1796090704580.exe"])
    expect(startOf(name)).toBeUndefined();
});

test("a file is named by the day and the time", () => {
  const started = new Date(2026, 2, 7, 9, 5).getTime();
  expect(fileName(started, "webm")).toBe("Call 2026-03-07 09.05.webm");
});

test("the ending follows the kind", () => {
  expect(endingOf("video/webm;codecs=vp8,opus")).toBe("webm");
  expect(endingOf("video/mp4")).toBe("mp4");
  expect(endingOf("1796090704580.mp4")).toBe("mp4");
});

test("whoever begins and stops is told of, oneself is not", () => {
  const before = [attendee(1, { self: true }), attendee(2), attendee(3, { recording: true })];
  const after = [
    attendee(1, { self: true, recording: true }),
    attendee(2, { recording: true }),
    attendee(4, { recording: true }),
  ];
  const { began, ended } = recordingNews(before, after);
  expect(began.map(({ client }) => client)).toEqual([2, 4]);
  expect(ended.map(({ client }) => client)).toEqual([3]);
  expect(recordingNews(after, after)).toEqual({ began: [], ended: [] });
});

test("a full disk is told from other faults", () => {
  const full = new DOMException("", "QuotaExceededError");
  expect(whyEnded(full)).toBe(NO_ROOM);
  expect(whyEnded(new Error("worker"))).toBe(FAILED);
  const said = [full, new CannotRecord(), new Error("x"), new DOMException("", "NotFoundError")].map((each) =>
    why(each),
  );
  expect(new Set(said).size).toBe(said.length);
  expect(why(full, "save")).toMatch(/place/);
});
