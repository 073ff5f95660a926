/**
 * An encoder for many receivers: a sender that is connected to this page itself, and whose frames never leave by it. So
 * it follows no receiver's line: it takes what it is ordered, and nothing changes for others when a receiver goes.
 */
import { withStartBitrate } from "../descriptions.js";
import type { Order } from "../port.js";
import { Sending } from "../sending.js";
import { streamsOf, type EncodedFrame } from "./encoded.js";
import { LAYERS } from "./gate.js";
import type { FeedState } from "./realm.js";

/** More than is ever ordered, in kbit/s: no packets go this way, so that nothing would raise the estimate. */
const ESTIMATE = 5_000;
/** Between two key frames, in milliseconds, since each costs every receiver: for one that sees nothing, or that joins. */
const URGENT = 250;
const JOINING = 1_000;
/** How much of the bits of the last second counts, at each look. */
const WEIGHT = 0.3;

export class Encoder {
  /** Milliseconds since the page began. */
  lastFrame = performance.now();
  limitedByCpu = false;
  /** Bits a second by temporal layer, smoothed. */
  private readonly rates: number[] = [];
  private counted = performance.now();
  private readonly sending = new Sending("camera");
  private readonly here = new RTCPeerConnection();
  private readonly there = new RTCPeerConnection();
  private lastKey = -Infinity;
  private closed = false;

  constructor(
    readonly id: number,
    frames: (frames: ReadableStream<EncodedFrame>) => void,
    private readonly broken: () => void,
  ) {
    const { sender } = this.here.addTransceiver("video", {
      direction: "sendonly",
      sendEncodings: [{ scalabilityMode: `L1T${LAYERS}` } as RTCRtpEncodingParameters],
    });
    const streams = streamsOf(sender);
    if (!streams) throw new TypeError("frames can't be copied");
    frames(streams.readable);
    this.connect(sender).catch(() => this.fail());
  }

  get ordered(): Order | undefined {
    return this.sending.ordered;
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.lastFrame = performance.now();
    this.sending.setTrack(track);
  }

  steer(order: Order): void {
    const { ordered } = this;
    const same =
      ordered?.bitrate === order.bitrate && ordered.height === order.height && ordered.rate === order.rate;
    if (!same) this.sending.steer(order);
  }

  /** Makes a key frame, for all. */
  key(urgent = true): void {
    if (performance.now() - this.lastKey < (urgent ? URGENT : JOINING)) return;
    this.lastKey = performance.now();
    this.sending.keyOnce();
  }

  /** Bits a second of so many temporal layers. */
  rate(layers: number): number {
    return this.rates.slice(0, layers).reduce((sum, rate) => sum + rate, 0);
  }

  /** The worker's view of it. */
  looked({ frame, key, bits }: FeedState, now: number): void {
    if (frame !== undefined) this.lastFrame = Math.max(this.lastFrame, now - frame);
    if (key !== undefined) this.lastKey = Math.max(this.lastKey, now - key);
    const seconds = Math.max(0.05, (now - this.counted) / 1_000);
    this.counted = now;
    for (const [at, each] of bits.entries()) {
      const before = this.rates[at] ?? each / seconds;
      this.rates[at] = before + WEIGHT * (each / seconds - before);
    }
  }

  /** Called once a second. */
  async measure(): Promise<void> {
    const report = await this.here.getStats().catch(() => undefined);
    for (const stat of (report?.values() ?? []) as Iterable<Record<string, unknown>>) {
      if (stat.type === "outbound-rtp") this.limitedByCpu = stat.qualityLimitationReason === "cpu";
      if (stat.type === "media-source" && typeof stat.height === "number") this.sending.measured(stat.height);
    }
  }

  close(): void {
    this.closed = true;
    this.sending.close();
    for (const pc of [this.here, this.there]) {
      pc.onicecandidate = null;
      pc.close();
    }
  }

  private async connect(sender: RTCRtpSender): Promise<void> {
    const { here, there } = this;
    here.onicecandidate = ({ candidate }) =>
      candidate && void there.addIceCandidate(candidate).catch(() => undefined);
    there.onicecandidate = ({ candidate }) =>
      candidate && void here.addIceCandidate(candidate).catch(() => undefined);
    await this.sending.bind(sender);
    const offer = await here.createOffer();
    // Candidates come once a description is set: the other side must have it before.
    await there.setRemoteDescription(offer);
    await here.setLocalDescription(offer);
    const answer = await there.createAnswer();
    await there.setLocalDescription(answer);
    await here.setRemoteDescription({
      type: "answer",
      sdp: withStartBitrate(answer.sdp ?? "", ESTIMATE),
    });
    this.sending.start();
    this.sending.apply();
  }

  private fail(): void {
    if (!this.closed) this.broken();
  }
}
