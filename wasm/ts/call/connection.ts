/** The connection to one attendee: one `RTCPeerConnection`, whose messages are handled one after another. */
import { kindOf, maySend, SOURCES } from "./flags.js";
import { roleOf, tuned } from "./descriptions.js";
import type { Frames } from "./frames/frames.js";
import { TheirLevel } from "./levels.js";
import { Measuring, type Measured } from "./measuring.js";
import type { CallDetails, CallPort, Order } from "./port.js";
import { Sending } from "./sending.js";
import type { Source } from "./types.js";

/** The other side said goodbye so many ticks ago without a new connection: a second. */
const CLOSED = 5;
/** Where the estimate begins, in kbit/s: enough for 720p in the first second. */
const START = { least: 100, most: 1_200 };

export interface Surroundings {
  readonly port: CallPort;
  /** The senders of this page. */
  track(source: Source): MediaStreamTrack | undefined;
  /** Whether there are so many people that silence should cost nothing. */
  crowded(): boolean;
  /** How the frames of this sender, which came to be in this task, get to the receiver. */
  frames(sender: RTCRtpSender, changed: () => void): Frames;
  /** The received tracks may be others than before. */
  received(): void;
  readonly measured: Pick<Measured, "values" | "quality">;
}

export class Connection {
  readonly client: number;
  private readonly link: number;
  private readonly may: number;
  private readonly pc: RTCPeerConnection;
  private readonly measuring: Measuring;
  private readonly sendings = SOURCES.map((source) => new Sending(source));
  private transceivers: readonly RTCRtpTransceiver[] = [];
  private voice: TheirLevel | undefined;
  private startBitrate: number | undefined;
  private steps = Promise.resolve();
  private negotiated = false;
  private ended = false;
  /** Ticks since the other side has closed the connection. */
  private closedFor = 0;

  constructor(
    { link, client, offers, may }: CallDetails["open"],
    private readonly around: Surroundings,
  ) {
    this.link = link;
    this.client = client;
    this.may = may;
    this.pc = opened(around.port.iceServers());
    for (const sending of this.sendings) sending.setTrack(around.track(sending.source) ?? null);
    if (offers) for (const source of SOURCES) this.pc.addTransceiver(kindOf(source));
    this.measuring = new Measuring(this.pc, {
      ...around.measured,
      sent: () => this.sending("camera")?.frames.sent(),
      flooded: () => this.fail(),
      heights: (heights) => {
        for (const sending of this.sendings) sending.measured(heights[sending.source]);
      },
    });
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) around.port.callCandidate(link, JSON.stringify(candidate.toJSON()));
    };
    // The only channel of a call is negotiated, and opens without this event.
    this.pc.ondatachannel = () => this.fail();
    this.pc.onconnectionstatechange = () => {
      if (this.encryption() === "failed") this.fail();
    };
    if (offers) this.step(() => this.adopt());
  }

  offer({ turn, restart }: CallDetails["offer"]): void {
    this.step(async () => {
      await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: restart }));
      this.describe(turn);
    });
  }

  accept({ turn, sdp }: CallDetails["accept"]): void {
    this.step(async () => {
      await this.setRemote("offer", sdp);
      if (this.transceivers.length === 0) await this.adopt();
      await this.pc.setLocalDescription(await this.pc.createAnswer());
      this.describe(turn);
      this.settled();
    });
  }

  answer({ sdp }: CallDetails["answer"]): void {
    this.step(async () => {
      // The offer was answered before, or taken back.
      if (this.pc.signalingState !== "have-local-offer") return;
      await this.setRemote("answer", sdp);
      this.settled();
    });
  }

  candidate({ candidate }: CallDetails["candidate"]): void {
    this.step(async () => {
      try {
        await this.pc.addIceCandidate(JSON.parse(candidate) as RTCIceCandidateInit);
      } catch {
        // Of another round, or unreadable: others may do.
      }
    });
  }

  order(order: Order): void {
    const source = SOURCES[order.source];
    if (source) this.sending(source)?.steer(order);
  }

  key(): void {
    for (const sending of this.sendings) sending.key();
  }

  setTrack(source: Source, track: MediaStreamTrack | null): void {
    this.sending(source)?.setTrack(track);
  }

  /** The track that is received of a source, once it has been negotiated. */
  received(source: Source): MediaStreamTrack | undefined {
    const transceiver = this.transceivers[SOURCES.indexOf(source)];
    const direction = transceiver?.currentDirection;
    return direction === "sendrecv" || direction === "recvonly" ? transceiver?.receiver.track : undefined;
  }

  level(): number {
    return this.voice?.now() ?? 0;
  }

  tick(count: number, shown: ReadonlySet<Source>): void {
    // Not all connections of a call in the same moment.
    this.measuring.tick(count + this.link, shown);
    this.look();
  }

  close(): void {
    this.ended = true;
    this.pc.onicecandidate = null;
    this.pc.onconnectionstatechange = null;
    this.measuring.close();
    for (const sending of this.sendings) sending.close();
    this.pc.close();
  }

  /** Does something after all that came before; what throws ends the connection. */
  private step(step: () => Promise<void> | void): void {
    this.steps = this.steps.then(async () => {
      if (this.ended) return;
      try {
        await step();
      } catch {
        this.fail();
      }
    });
  }

  private fail(): void {
    if (this.ended) return;
    this.ended = true;
    this.around.port.callFailed(this.link);
  }

  /** A connection whose encryption has ended does not come back. */
  private look(): void {
    // A side that makes another connection closes this one first, and the new offer comes a moment later.
    this.closedFor = this.encryption() === "closed" ? this.closedFor + 1 : 0;
    if (this.closedFor > CLOSED || this.encryption() === "failed") this.fail();
  }

  private encryption(): RTCDtlsTransportState | undefined {
    return this.transceivers[0]?.sender.transport?.state;
  }

  /** Takes the transceivers, whose order is that of the sources on both sides. */
  private async adopt(): Promise<void> {
    this.transceivers = this.pc.getTransceivers();
    this.share(this.transceivers[SOURCES.indexOf("camera")]);
    // Sound and picture of the same stream are played in step.
    const [person, screen] = [new MediaStream(), new MediaStream()];
    for (const [at, source] of SOURCES.entries()) {
      const transceiver = this.transceivers[at];
      const sending = this.sendings[at];
      if (!transceiver || !sending) throw new Error("too few transceivers");
      transceiver.direction = maySend(this.may, source) ? "sendrecv" : "sendonly";
      const { sender } = transceiver;
      if ("setStreams" in sender) sender.setStreams(at < 2 ? person : screen);
      await sending.bind(sender);
    }
    this.measuring.listenTo(this.transceivers.map(({ receiver }) => receiver));
    const [microphone] = this.transceivers;
    this.voice = microphone && new TheirLevel(microphone.receiver);
  }

  private share(camera: RTCRtpTransceiver | undefined): void {
    const sending = this.sending("camera");
    if (!camera || !sending) return;
    sending.frames = this.around.frames(camera.sender, () => sending.framesChanged());
    if (sending.ordered) sending.frames.steer(sending.ordered);
  }

  private async setRemote(type: "offer" | "answer", sdp: string): Promise<void> {
    this.startBitrate ??= startBitrate(this.sending("camera")?.ordered);
    const { currentLocalDescription: local, currentRemoteDescription: remote } = this.pc;
    const tuning = {
      startBitrate: this.startBitrate,
      dtx: this.around.crowded(),
      role: type === "offer" ? roleOf(local?.sdp, remote?.sdp) : undefined,
    };
    await this.pc.setRemoteDescription({ type, sdp: tuned(sdp, tuning) });
  }

  private describe(turn: number): void {
    const sdp = this.pc.localDescription?.sdp;
    if (!this.ended && sdp !== undefined) this.around.port.callDescribed(this.link, turn, sdp);
  }

  /** Both descriptions are there: senders have their parameters from here on. */
  private settled(): void {
    if (this.ended) return;
    for (const sending of this.sendings) {
      if (!this.negotiated) sending.start();
      sending.apply();
    }
    this.negotiated = true;
    this.around.received();
  }

  private sending(source: Source): Sending | undefined {
    return this.sendings[SOURCES.indexOf(source)];
  }
}

function opened(iceServers: RTCIceServer[]): RTCPeerConnection {
  const bundlePolicy = "max-bundle";
  try {
    return new RTCPeerConnection({ iceServers, bundlePolicy });
  } catch {
    // A node may name servers that this browser can't use.
    return new RTCPeerConnection({ bundlePolicy });
  }
}

function startBitrate(camera: Order | undefined): number {
  if (!camera || camera.bitrate === 0) return START.most;
  return Math.round(Math.min(START.most, Math.max(START.least, camera.bitrate / 1_000)));
}
