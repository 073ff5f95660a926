import { expect, test } from "vitest";
import { lacks } from "./support";

const whole = { WebAssembly: {}, RTCPeerConnection: {}, indexedDB: {}, isSecureContext: true };

test("a current browser lacks nothing", () => {
  expect(lacks(whole)).toEqual([]);
});

test("without WebAssembly or storage nothing works", () => {
  expect(lacks({ ...whole, WebAssembly: undefined }).map(({ fatal }) => fatal)).toEqual([true]);
  expect(lacks({ ...whole, indexedDB: undefined }).map(({ fatal }) => fatal)).toEqual([true]);
});

test("without WebRTC or https the rest still works", () => {
  const found = lacks({ ...whole, RTCPeerConnection: undefined, isSecureContext: false });
  expect(found.map(({ fatal }) => fatal)).toEqual([false, false]);
});
