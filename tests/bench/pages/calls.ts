/** A call as a page measures it: how long from the order to join until the other is seen and heard. */
import type { Call } from "../../../wasm/ts/call/types";
import { clock, pause } from "./player";

/** Louder than the noise of a codec. */
const HEARD = 0.01;

export interface FirstSeen {
  /** When the order to join was given. */
  start: number;
  frame: number;
  sound: number;
}

/** Devices, asked for before anything is measured. */
let own: MediaStream | undefined;
let call: Call | undefined;

async function ready(height: number): Promise<void> {
  const video = { height, width: Math.round((height * 16) / 9), frameRate: 30 };
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  own = await navigator.mediaDevices.getUserMedia({ audio, video });
  // A page that is about to call has its call's media loaded.
  call = await globalThis.coveyRoom?.call();
}

function tracks(): { audio: MediaStreamTrack; video: MediaStreamTrack } {
  const [audio, video] = [own?.getAudioTracks()[0], own?.getVideoTracks()[0]];
  if (!audio || !video) throw new Error("there are no devices");
  return { audio, video };
}

/** When the first frame of a stream is shown. */
function shown(stream: MediaStream): Promise<number> {
  const element = document.body.appendChild(document.createElement("video"));
  Object.assign(element, { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  return new Promise((resolve) => {
    element.requestVideoFrameCallback(() => resolve(clock()));
  });
}

/** When a stream is first heard. */
async function heard(stream: MediaStream): Promise<number> {
  const element = document.body.appendChild(document.createElement("audio"));
  Object.assign(element, { muted: true, autoplay: true, srcObject: stream });
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  for (;;) {
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > HEARD)) return clock();
    await pause(4);
  }
}

/** Takes part in the room's call, and sends what it has unless it only watches. */
async function join(sends = true): Promise<void> {
  call ??= await globalThis.coveyRoom?.call();
  if (!call) throw new Error("there is no room");
  if (sends) {
    const { audio, video } = tracks();
    call.setTrack("microphone", audio);
    call.setTrack("camera", video);
  }
  call.join();
  const watch = () => {
    const others = call?.attendees.filter(({ self }) => !self) ?? [];
    const shown = others.map(({ client }) => ({
      client,
      source: "camera" as const,
      height: 720,
      pinned: false,
    }));
    call?.show(shown);
  };
  call.on("changed", watch);
  watch();
}

/** Joins, and tells when the one other attendee was seen and heard. */
async function joinAndSee(): Promise<FirstSeen> {
  const start = clock();
  await join();
  const stream = (source: "camera" | "microphone") =>
    new Promise<MediaStream>((resolve) => {
      const look = () => {
        const other = call?.attendees.find(({ self }) => !self);
        const found = other && call?.stream(other.client, source);
        if (found) resolve(found);
      };
      call?.on("streams", look);
      look();
    });
  const [frame, sound] = await Promise.all([
    stream("camera").then(shown),
    stream("microphone").then(heard),
  ]);
  return { start, frame, sound };
}

type Signal = { ready: true } | RTCSessionDescriptionInit | { candidate: RTCIceCandidateInit };

/** A bare peer connection with what this page has; the second at the address of the signalling server offers. */
function bare(place: string): Promise<FirstSeen> {
  const start = clock();
  const signalling = new WebSocket(place);
  const peer = new RTCPeerConnection();
  const { audio, video } = tracks();
  for (const track of [audio, video]) peer.addTrack(track, own ?? new MediaStream());
  const tell = (signal: Signal) => signalling.send(JSON.stringify(signal));
  peer.onicecandidate = ({ candidate }) => {
    if (candidate) tell({ candidate: candidate.toJSON() });
  };
  const take = async (signal: Signal) => {
    if ("candidate" in signal) return peer.addIceCandidate(signal.candidate);
    if (!("ready" in signal)) {
      await peer.setRemoteDescription(signal);
      if (signal.type === "answer") return;
    }
    await peer.setLocalDescription();
    if (peer.localDescription) tell(peer.localDescription.toJSON());
  };
  let before = Promise.resolve();
  signalling.onmessage = ({ data }: MessageEvent<string>) => {
    before = before.then(() => take(JSON.parse(data) as Signal));
  };
  const track = (kind: string) =>
    new Promise<MediaStream>((resolve) => {
      peer.addEventListener("track", ({ track }) => {
        if (track.kind === kind) resolve(new MediaStream([track]));
      });
    });
  const both = Promise.all([track("video").then(shown), track("audio").then(heard)]);
  return both.then(([frame, sound]) => ({ start, frame, sound }));
}

/** How many attendees this page has seen a frame of; it shows each that comes. */
async function sees(count: number): Promise<number> {
  const seen = new Map<number, Promise<number>>();
  while (seen.size < count) {
    for (const { client, self } of call?.attendees ?? []) {
      const stream = self || seen.has(client) ? undefined : call?.stream(client, "camera");
      if (stream) seen.set(client, shown(stream));
    }
    await pause(10);
  }
  return Math.max(...(await Promise.all(seen.values())));
}

/** Bits a second that this page sends in the call, as it last measured. */
function uplink(): number {
  const others = call?.attendees.filter(({ self }) => !self) ?? [];
  return others.reduce((sum, { client }) => sum + (call?.samples(client).at(-1)?.up ?? 0), 0);
}

const calls = { ready, join, joinAndSee, bare, sees, uplink, leave: () => call?.leave() };

declare global {
  var calls: Calls;
}
export type Calls = typeof calls;

globalThis.calls = calls;
