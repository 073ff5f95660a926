/** A browser of which a test sees every connection, and an engine that keeps what it is told. */
import { vi } from "vitest";
import { FakeFrame, fakeStreams } from "./encoded.js";
import type { CallPort, CallState, RawAttendee } from "../port.js";

type Handler = ((event: never) => void) | null;

export class FakeTrack extends EventTarget {
  static count = 0;
  readonly id = `track ${(FakeTrack.count += 1)}`;
  enabled = true;
  readyState: MediaStreamTrackState = "live";
  contentHint = "";
  height = 720;

  constructor(readonly kind: "audio" | "video") {
    super();
  }

  getSettings() {
    return this.kind === "video" ? { height: this.height } : {};
  }

  /** The device is gone. */
  end(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }

  as(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

class FakeStream {
  constructor(private readonly tracks: FakeTrack[] = []) {}

  getTracks(): FakeTrack[] {
    return this.tracks;
  }
}

export class FakeSender {
  track: FakeTrack | null = null;
  transport: { state: string } | null = null;
  parameters = { encodings: [{}] as Record<string, unknown>[], degradationPreference: "" };
  keyFrames = 0;
  /** How many are being set at this moment. */
  setting = 0;
  /** Where the browser hands encoded frames out. */
  readonly encoded = fakeStreams();

  createEncodedStreams() {
    return this.encoded.streams;
  }

  async getStats() {
    return new Map<string, unknown>(this.stats.map((stat) => [stat.id, stat]));
  }

  stats: { id: string; [name: string]: unknown }[] = [];

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters() {
    return structuredClone(this.parameters);
  }

  async setParameters(parameters: FakeSender["parameters"], options?: { encodingOptions: unknown[] }) {
    if (this.setting > 0) throw new Error("two at a time");
    this.setting += 1;
    await Promise.resolve();
    this.setting -= 1;
    this.parameters = parameters;
    if (options) this.keyFrames += 1;
  }
}

class FakeTransceiver {
  direction = "recvonly";
  currentDirection: string | null = null;
  readonly sender = new FakeSender();
  readonly receiver: { track: FakeTrack; getSynchronizationSources: () => unknown[] };

  constructor(
    kind: "audio" | "video",
    readonly mid: string,
  ) {
    this.receiver = { track: new FakeTrack(kind), getSynchronizationSources: () => [] };
  }
}

const SECTIONS = ["audio", "video", "video", "audio", "application"] as const;

/** A description in which a word can be found again. */
export function sdp(word: string): string {
  return `s=${word}\r\n${SECTIONS.map((each) => `m=${each} 9 X 0\r\n`).join("")}`;
}

export class FakePeerConnection {
  static all: FakePeerConnection[] = [];
  signalingState = "stable";
  localDescription: { sdp: string } | null = null;
  currentLocalDescription: { sdp: string } | null = null;
  currentRemoteDescription: { sdp: string } | null = null;
  onicecandidate: Handler = null;
  onconnectionstatechange: Handler = null;
  ondatachannel: (() => void) | null = null;
  closed = false;
  readonly transceivers: FakeTransceiver[] = [];
  readonly log: string[] = [];
  readonly channel = {
    readyState: "open",
    bufferedAmount: 0,
    sent: 0,
    onmessage: null as (() => void) | null,
  };
  /** The promise that the next steps wait for. */
  gate: Promise<void> = Promise.resolve();

  constructor(readonly configuration: RTCConfiguration) {
    FakePeerConnection.all.push(this);
  }

  static get open(): number {
    return this.all.filter(({ closed }) => !closed).length;
  }

  addTransceiver(kind: "audio" | "video") {
    const transceiver = new FakeTransceiver(kind, String(this.transceivers.length));
    transceiver.direction = "sendrecv";
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers() {
    return this.transceivers;
  }

  createDataChannel() {
    return Object.assign(this.channel, { send: () => (this.channel.sent += 1), close: () => undefined });
  }

  async createOffer(options?: { iceRestart: boolean }) {
    await this.gate;
    return { type: "offer", sdp: sdp(options?.iceRestart ? "restart" : "offer") };
  }

  async createAnswer() {
    await this.gate;
    return { type: "answer", sdp: sdp("answer") };
  }

  async setLocalDescription({ type, sdp }: { type: string; sdp: string }) {
    this.log.push(`local ${type}`);
    await this.gate;
    this.localDescription = { sdp };
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
    if (type === "answer") this.settle();
  }

  async setRemoteDescription({ type, sdp }: { type: string; sdp: string }) {
    this.log.push(`remote ${type}`);
    await this.gate;
    if (sdp.includes("s=bad")) throw new Error("bad");
    if (type === "offer" && this.transceivers.length === 0)
      for (const kind of SECTIONS.slice(0, 4))
        this.addTransceiver(kind as "audio" | "video").direction = "recvonly";
    if (type === "answer") this.settle();
    this.currentRemoteDescription = { sdp };
  }

  async addIceCandidate(candidate: unknown) {
    this.log.push("candidate");
    if (candidate === 5) throw new Error("no candidate");
  }

  async getStats() {
    return new Map();
  }

  close(): void {
    this.closed = true;
    for (const { receiver } of this.transceivers) receiver.track.readyState = "ended";
  }

  private settle(): void {
    this.signalingState = "stable";
    for (const each of this.transceivers) {
      each.currentDirection = each.direction;
      each.sender.transport = { state: "connected" };
    }
  }
}

/** An engine that does nothing by itself. */
export class FakePort implements CallPort {
  readonly clientId = 1;
  state: CallState = { joined: false, attendees: [] };
  readonly said: string[] = [];
  readonly measured: number[][] = [];

  call = () => this.state;
  callJoin = () => {
    this.said.push("join");
    this.state = { joined: true, attendees: [attendee(1, 0, true), ...this.state.attendees] };
  };
  callLeave = () => {
    this.said.push("leave");
    this.state = { joined: false, attendees: this.state.attendees.filter(({ self }) => !self) };
  };
  callSaving = (saving: boolean) => void this.said.push(`saving ${saving}`);
  callSending = (flags: number) => void this.said.push(`sending ${flags}`);
  callReact = (text: string) => void this.said.push(`react ${text}`);
  callShow = (shown: Float64Array) => void this.said.push(`show ${shown.join(" ")}`);
  callAsk = (client: number, request: number) => void this.said.push(`ask ${client} ${request}`);
  callDescribed = (link: number, turn: number, sdp: string) =>
    void this.said.push(`described ${link} ${turn} ${/s=(\w+)/.exec(sdp)?.[1]}`);
  callFailed = (link: number) => void this.said.push(`failed ${link}`);
  callCandidate = (link: number, candidate: string) => void this.said.push(`candidate ${link} ${candidate}`);
  callMeasured = (link: number, values: Float64Array) => void this.measured.push([link, ...values]);
  iceServers = () => [];
}

export function attendee(client: number, flags: number, self = false, may = 3): RawAttendee {
  return { client, member: `member ${client}`, self, flags, may, line: self ? null : "good" };
}

/** Puts the fake browser in place. */
export function pretend(): void {
  FakePeerConnection.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", FakePeerConnection);
  vi.stubGlobal("MediaStream", FakeStream);
  vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko)" });
}

/** The browser hands encoded frames out, too. */
export function pretendFrames(): void {
  vi.stubGlobal("RTCRtpSender", FakeSender);
  vi.stubGlobal("RTCEncodedVideoFrame", FakeFrame);
}

/** Puts the real one back. */
export function restore(): void {
  vi.unstubAllGlobals();
  vi.useRealTimers();
}
