/** The states of people in a call, in words. */
import type { Attendee, CallRequest, Line } from "../../engine";

/** On a tile; a good connection needs no word. */
export const lineWords: Record<Exclude<Line, "good">, string> = {
  connecting: "Connecting…",
  poor: "Poor connection",
  "sound-only": "Sound only: the connection is poor",
  reconnecting: "Reconnecting…",
  lost: "Connection lost",
};

/** Completes “Connection to …: ”. */
export const lineShort: Record<Line, string> = {
  connecting: "connecting",
  good: "good",
  poor: "poor",
  "sound-only": "sound only",
  reconnecting: "reconnecting",
  lost: "lost",
};

/** The marks on a tile in words, for screen readers. */
export function stateOf({ microphone, camera, hand, recording, screen }: Attendee): string {
  const parts = [
    microphone === "on" ? undefined : microphone === "muted" ? "muted" : "no microphone",
    camera ? undefined : "no camera",
    hand ? "hand raised" : undefined,
    screen ? "shares a screen" : undefined,
    recording ? "recording" : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** After this page did what a moderator asked of it. */
export const requestDone: Record<CallRequest, (name: string) => string> = {
  mute: (name) => `${name} muted you. Unmute yourself when you want to speak.`,
  "stop-share": (name) => `${name} stopped your screen share.`,
  leave: (name) => `${name} removed you from the call.`,
};

/** For everybody else in the call. */
export const recordingTold = {
  began: (name: string) => `${name} records the call.`,
  ended: (name: string) => `${name} has stopped recording.`,
};
