/** The interface between the media of a call and the engine. The engine decides, this side carries out. */
import type { CallState } from "../../pkg/covey_wasm.js";

/** The needs and abilities of this browser, as `callJoin` takes them. */
export const ABILITY = {
  /** Restarts must be offered by this side. */
  offersRestarts: 1,
} as const;

/** The engine's side: methods of `WasmRoom`. */
export interface CallPort {
  /** The client id of this page. */
  readonly clientId: number;
  /** Whether this page takes part, and everybody who does, this page first. */
  call(): CallState;
  /** Takes part. `abilities` are bits of `ABILITY`. */
  callJoin(abilities: number): void;
  callLeave(): void;
  /** Says what this page sends: bits of `FLAG`. */
  callSending(flags: number): void;
  callSaving(saving: boolean): void;
  callReact(text: string): void;
  /** Says what this page shows. Four numbers each: client, source (1 camera, 2 screen), height, pinned (0 or 1). */
  callShow(shown: Float64Array): void;
  /** 0 mute, 1 stop a share, 2 leave. */
  callAsk(client: number, request: number): void;
  /** The local description that `offer` or `accept` of this turn asked for. */
  callDescribed(link: number, turn: number, sdp: string): void;
  /** The connection of this link can't go on. */
  callFailed(link: number): void;
  /** A local candidate, as JSON. */
  callCandidate(link: number, candidate: string): void;
  /** The measurements of a link, as `valuesOf` lists them. */
  callMeasured(link: number, values: Float64Array): void;
  /** The STUN and TURN servers that new connections use. */
  iceServers(): RTCIceServer[];
}

export type { CallState };
export type RawAttendee = CallState["attendees"][number];

/** An order for one source of one link. */
export interface Order {
  /** 0 microphone, 1 camera, 2 screen. */
  readonly source: number;
  /** Bits per second; 0 pauses. */
  readonly bitrate: number;
  /** Pixels at most. */
  readonly height: number;
  /** Frames a second at most. */
  readonly rate: number;
}

interface OfLink {
  readonly link: number;
}

/** Events of the engine, each with its details. */
export interface CallDetails {
  /** Make a connection. `offers`: this side makes the first offer. `may`: what they may send. */
  open: OfLink & { readonly client: number; readonly offers: boolean; readonly may: number };
  /** Describe an offer. */
  offer: OfLink & { readonly turn: number; readonly restart: boolean };
  /** Take this offer, in place of an own one too, and describe the answer. */
  accept: OfLink & { readonly turn: number; readonly sdp: string };
  /** Take this answer. */
  answer: OfLink & { readonly sdp: string };
  candidate: OfLink & { readonly candidate: string };
  close: OfLink;
  order: OfLink & Order;
  /** Make what is sent decodable from here on, though frames were lost. */
  key: OfLink;
  changed: null;
  reaction: { readonly client: number; readonly text: string };
  /** Somebody who may asks this page. It has left already where it was asked to leave. */
  asked: { readonly client: number; readonly request: number };
}

export type CallTold = { [K in keyof CallDetails]: [what: K, details: CallDetails[K]] }[keyof CallDetails];
