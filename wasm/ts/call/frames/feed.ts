/** The frames of an encoder for many, counted and handed on. */
import { RtpClock } from "./clock.js";
import { each, type EncodedFrame, type EncodedMetadata } from "./encoded.js";
import { LAYERS, type Feed } from "./gate.js";

export class EncodedFeed implements Feed {
  readonly clock = new RtpClock();
  /** Milliseconds of this realm's clock. */
  lastFrame: number | undefined;
  lastKey: number | undefined;
  /** By temporal layer, since they were taken. */
  private bits = Array<number>(LAYERS).fill(0);

  constructor(
    readonly id: number,
    frames: ReadableStream<EncodedFrame>,
    private readonly made: (feed: EncodedFeed, frame: EncodedFrame, metadata: EncodedMetadata) => void,
  ) {
    void each(frames, (frame) => this.take(frame));
  }

  takeBits(): number[] {
    const bits = this.bits;
    this.bits = Array<number>(LAYERS).fill(0);
    return bits;
  }

  private take(frame: EncodedFrame): void {
    const metadata = frame.getMetadata();
    this.lastFrame = performance.now();
    if (frame.type === "key") this.lastKey = this.lastFrame;
    this.clock.see(metadata.rtpTimestamp ?? 0, this.lastFrame);
    const layer = Math.min(LAYERS - 1, metadata.temporalIndex ?? 0);
    this.bits[layer] = (this.bits[layer] ?? 0) + frame.data.byteLength * 8;
    this.made(this, frame, metadata);
  }
}
