/**
 * The frames of one sender: those of its own encoder, or copies of another's.
 *
 * Every change is made at a key frame of what comes next, and what was before goes on until then: the receiver sees no
 * break. While copies are sent, the own encoder goes on with pictures of a few pixels, which are swallowed. They keep
 * the sender going, and show when the receiver asks for a key frame: then one of them is one.
 */
import { ahead, later, RtpClock } from "./clock.js";
import { copyOf, each, type EncodedFrame, type EncodedMetadata, type EncodedStreams } from "./encoded.js";

/** Pictures of the own encoder that are no higher only keep the sender going. */
const TINY = 32;
/** So many frames are remembered, for later ones to depend on. */
const REMEMBERED = 16;
/** Temporal layers at most. */
export const LAYERS = 3;

/** Whose frames are copied. */
export interface Feed {
  readonly clock: RtpClock;
}

interface Told {
  /** Whether copies are sent, or are to be, has changed. */
  changed(): void;
  /** The receiver needs a key frame of this feed. */
  wanted(feed: Feed): void;
  /** Frames of the feed that was wanted can't be sent here. */
  refused(): void;
}

export class Gate {
  /** The own encoder where undefined. */
  private from: Feed | undefined;
  private wanted: Feed | undefined;
  private readonly clock = new RtpClock();
  private readonly writer: WritableStreamDefaultWriter<EncodedFrame>;
  private own: EncodedMetadata | undefined;
  private shift = 0;
  private last: number | undefined;
  private expected = false;
  private passed: number[] = [];
  /** Of frames that are copied, so many temporal layers are sent: as ordered, and as the line carries. */
  private most = LAYERS;
  private layers = LAYERS;
  /** Of the own encoder, in milliseconds since the page began. */
  lastOwn: number | undefined;
  /** Counted since the beginning. */
  readonly sent = { frames: 0, width: 0, height: 0 };

  constructor(
    streams: EncodedStreams,
    private readonly told: Told,
  ) {
    this.writer = streams.writable.getWriter();
    void each(streams.readable, (frame) => this.takeOwn(frame));
  }

  /** Whose frames are sent; undefined for the own encoder's. */
  get feed(): Feed | undefined {
    return this.from;
  }

  /** Copies are sent, and are to be. */
  get copied(): boolean {
    return this.from !== undefined && this.wanted !== undefined;
  }

  /** Sends the frames of a feed, or the own encoder's, from the next key frame on. */
  want(feed: Feed | undefined): void {
    if (feed === this.wanted) return;
    this.change(() => (this.wanted = feed));
  }

  /** Leaves out frames of higher temporal layers: above `most` always, above `layers` for as long as this feed is sent. */
  limit(most: number, layers: number): void {
    [this.most, this.layers] = [most, layers];
  }

  /** Nothing is sent: what comes next comes from the own encoder. */
  reset(): void {
    this.change(() => (this.wanted = this.from = undefined));
  }

  /** A frame of a feed. */
  take(feed: Feed, frame: EncodedFrame, metadata: EncodedMetadata): void {
    if (feed !== this.from && !this.begins(feed, frame, metadata)) return;
    if (this.lets(frame, metadata)) this.write(frame, metadata, this.shift);
  }

  /** Whether a feed that is wanted can begin here. */
  private begins(feed: Feed, frame: EncodedFrame, metadata: EncodedMetadata): boolean {
    const shift = feed.clock.until(this.clock);
    if (feed !== this.wanted || frame.type !== "key" || !this.own || shift === undefined) return false;
    const { payloadType, mimeType } = this.own;
    if (payloadType !== metadata.payloadType || mimeType !== metadata.mimeType) {
      this.told.refused();
      return false;
    }
    this.shift = shift;
    this.expected = this.from === undefined;
    this.layers = LAYERS;
    this.change(() => (this.from = feed));
    return true;
  }

  private takeOwn(frame: EncodedFrame): void {
    const metadata = frame.getMetadata();
    this.own = metadata;
    this.lastOwn = performance.now();
    this.clock.see(metadata.rtpTimestamp ?? 0, this.lastOwn);
    const tiny = (metadata.height ?? Infinity) <= TINY;
    const { from } = this;
    if (from && frame.type === "key") {
      if (this.wanted === undefined && !tiny) this.change(() => (this.from = undefined));
      // The first tiny one comes of itself.
      else if (this.expected) this.expected = false;
      else this.told.wanted(from);
    }
    if (!this.from && !tiny) this.write(frame, metadata, 0);
  }

  private change(change: () => void): void {
    const [from, copied] = [this.from, this.copied];
    change();
    if (this.from !== from || this.copied !== copied) this.told.changed();
  }

  /** Frames are left out with everything that depends on them. */
  private lets(frame: EncodedFrame, { temporalIndex, frameId, dependencies }: EncodedMetadata): boolean {
    if (frame.type === "key") this.passed = [];
    if ((temporalIndex ?? 0) >= Math.min(this.most, this.layers)) return false;
    if (!(dependencies ?? []).every((id) => this.passed.includes(id))) return false;
    if (frameId !== undefined) this.passed = [...this.passed.slice(1 - REMEMBERED), frameId];
    return true;
  }

  private write(frame: EncodedFrame, metadata: EncodedMetadata, shift: number): void {
    const { rtpTimestamp = 0, width, height } = metadata;
    const at = later(rtpTimestamp, shift);
    // The next frame is never as early as the one before.
    const timestamp = this.last === undefined || ahead(this.last, at) > 0 ? at : later(this.last, 1);
    this.last = timestamp;
    this.sent.frames += 1;
    if (width && height) [this.sent.width, this.sent.height] = [width, height];
    const same = !this.from && timestamp === rtpTimestamp;
    this.writer.write(same ? frame : copyOf(frame, metadata, timestamp)).catch(() => undefined);
  }
}
