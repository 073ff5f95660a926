/** Calls as a page sees them: voice, video and screens, from browser to browser. */
import type { Emits } from "../types.js";

/** A source of sound or pictures in a call. Each has a track of its own. */
export type Source = "microphone" | "camera" | "screen" | "screen-sound";

/**
 * The connection to an attendee. `poor`: packets are lost, or video is smaller than wanted; `sound-only`: no video fits
 * through; `reconnecting`: nothing is heard and it is being mended; `lost`: that was given up, and is tried again now and
 * then.
 */
export type Line = "connecting" | "good" | "poor" | "sound-only" | "reconnecting" | "lost";

/** Somebody in the call: one page of one person. A person with two pages in the call is there twice. */
export interface Attendee {
  /** The page. */
  readonly client: number;
  /** The person's id, as in `Room.people`. */
  readonly member: string;
  /** This page. */
  readonly self: boolean;
  readonly microphone: "off" | "muted" | "on";
  readonly camera: boolean;
  readonly screen: boolean;
  readonly hand: boolean;
  readonly recording: boolean;
  /** May be heard and seen. */
  readonly maySpeak: boolean;
  /** May share a screen. */
  readonly mayShare: boolean;
  /** Absent for this page, and while this page is not in the call. */
  readonly line?: Line;
}

/** A picture of an attendee that the page shows. A picture that is not shown is not sent. */
export interface Shown {
  readonly client: number;
  readonly source: "camera" | "screen";
  /** In device pixels. */
  readonly height: number;
  /** It goes before others when there is not room for everything. */
  readonly pinned: boolean;
}

/** A moderator's request. Nobody can switch on another's microphone or camera. */
export type Request = "mute" | "stop-share" | "leave";

export interface CallEvents {
  /** Attendees, what they send, or their lines changed. */
  changed: undefined;
  /** A stream of an attendee came or went. */
  streams: number;
  /** An attendee reacts, with one emoji. */
  reaction: { readonly client: number; readonly text: string };
  /** A moderator asked this page for something. It has been done: muted, stopped or left. */
  asked: { readonly client: number; readonly request: Request };
}

/** The quality of the connection to one attendee in one second. Bits per second; shares from 0 to 1. */
export interface Sample {
  /** Milliseconds since the page began. */
  readonly at: number;
  readonly up: number;
  readonly down: number;
  /** Share of this page's packets that do not arrive. */
  readonly loss: number;
  /** Share of their sound that had to be made up. */
  readonly concealed: number;
  /** Milliseconds. */
  readonly jitter: number;
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly path: "direct" | "relayed" | "unknown";
  readonly sent?: Picture;
  readonly received?: Picture;
}

export interface Picture {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
}

export interface Call extends Emits<CallEvents> {
  /** Whether this page takes part. */
  readonly joined: boolean;
  /** Everybody in the call, in the order in which they were heard of; this page first where it takes part. */
  readonly attendees: readonly Attendee[];
  /** Takes part; tracks are given before or after. */
  join(): void;
  /** Leaves. The tracks stay the page's own: it stops them. */
  leave(): void;
  /** Sends a track from now on, or nothing. Another track of the same source goes out without a break. */
  setTrack(source: Source, track: MediaStreamTrack | null): void;
  /** The microphone's track is silent, and everybody sees that it is muted. */
  setMuted(muted: boolean): void;
  setHand(raised: boolean): void;
  setRecording(recording: boolean): void;
  /** Sends no more than half a megabit a second in all, whatever the connection would carry. */
  setSaving(saving: boolean): void;
  /** Says which pictures the page shows: all of them, whenever one changes. */
  show(shown: readonly Shown[]): void;
  /** One emoji, 32 bytes at most. */
  react(text: string): void;
  /** Needs the right of a moderator; without it others ignore it. */
  ask(client: number, request: Request): void;
  /**
   * The stream of an attendee's source, for an element's `srcObject`; of this page too. It is another object when the
   * connection was made anew: the event `streams` says so.
   */
  stream(client: number, source: Source): MediaStream | undefined;
  /** How loud an attendee speaks right now, 0 to 1. */
  level(client: number): number;
  /** The last two minutes of the connection to an attendee, the newest last. */
  samples(client: number): readonly Sample[];
}
