/** Between the bits that attendees say of themselves and what a page sees. */
import type { RawAttendee } from "./port.js";
import type { Attendee, Request, Shown, Source } from "./types.js";

/** The state of an attendee. */
export const FLAG = {
  microphone: 1,
  muted: 2,
  camera: 4,
  screen: 8,
  screenSound: 16,
  hand: 32,
  recording: 64,
} as const;

/** The rights of an attendee. */
export const MAY = { speak: 1, share: 2 } as const;

/** The sources in the order of the transceivers of each connection. */
export const SOURCES = ["microphone", "camera", "screen", "screen-sound"] as const satisfies Source[];

const REQUESTS = ["mute", "stop-share", "leave"] as const satisfies Request[];

const OF_SOURCE: Record<Source, { kind: "audio" | "video"; flag: number; may: number }> = {
  microphone: { kind: "audio", flag: FLAG.microphone, may: MAY.speak },
  camera: { kind: "video", flag: FLAG.camera, may: MAY.speak },
  screen: { kind: "video", flag: FLAG.screen, may: MAY.share },
  "screen-sound": { kind: "audio", flag: FLAG.screenSound, may: MAY.share },
};

/** Whether a source is sound or picture. */
export function kindOf(source: Source): "audio" | "video" {
  return OF_SOURCE[source].kind;
}

/** Whether somebody with these rights may send a source. */
export function maySend(may: number, source: Source): boolean {
  return (may & OF_SOURCE[source].may) !== 0;
}

/** Whether an attendee sends a source and may. */
export function sends({ flags, may }: Pick<RawAttendee, "flags" | "may">, source: Source): boolean {
  return (flags & OF_SOURCE[source].flag) !== 0 && maySend(may, source);
}

/** The state of this page. */
export interface Own {
  readonly sources: Iterable<Source>;
  readonly muted: boolean;
  readonly hand: boolean;
  readonly recording: boolean;
}

export function flagsOf({ sources, muted, hand, recording }: Own): number {
  let flags = (muted ? FLAG.muted : 0) | (hand ? FLAG.hand : 0) | (recording ? FLAG.recording : 0);
  for (const source of sources) flags |= OF_SOURCE[source].flag;
  return flags;
}

export function attendeeOf({ client, member, self, flags, may, line }: RawAttendee): Attendee {
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    client,
    member,
    self,
    microphone: !has(FLAG.microphone) ? "off" : has(FLAG.muted) ? "muted" : "on",
    camera: has(FLAG.camera),
    screen: has(FLAG.screen),
    hand: has(FLAG.hand),
    recording: has(FLAG.recording),
    maySpeak: (may & MAY.speak) !== 0,
    mayShare: (may & MAY.share) !== 0,
    ...(line && { line }),
  };
}

/** The numbers of `callShow`. */
export function quadsOf(shown: readonly Shown[]): Float64Array {
  const source = { camera: 1, screen: 2 } as const;
  return Float64Array.from(
    shown.flatMap((each) => [each.client, source[each.source], each.height, each.pinned ? 1 : 0]),
  );
}

export function requestOf(request: number): Request | undefined {
  return REQUESTS[request];
}

export function requestNumber(request: Request): number {
  return REQUESTS.indexOf(request);
}
