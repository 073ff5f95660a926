/** One source on its way to one attendee: its track, and the parameters of its sender. */
import { kindOf } from "./flags.js";
import { OWN_ENCODER, type Frames } from "./frames/frames.js";
import { steer } from "./parameters.js";
import type { Order } from "./port.js";
import type { Source } from "./types.js";

/** How long after its start a picture keeps its size whatever happens, in milliseconds. */
const STARTING = 6_000;
/** When key frames are forced, in milliseconds: the first ones may be lost while a path is new. */
const KEY_FRAMES = [0, 50, 300, 700];

export class Sending {
  private sender: RTCRtpSender | undefined;
  /** How frames get to the receiver. */
  frames: Frames = OWN_ENCODER;
  private track: MediaStreamTrack | null = null;
  private order: Order | undefined;
  private starting = false;
  private startTimer: number | undefined;
  private readonly keyTimers = new Set<number>();
  private closed = false;
  /** Parameters are read and written one at a time. */
  private busy = false;
  private stale = false;
  private keyFrame = false;
  /** As it was measured, and as the parameters were made for. */
  private measuredHeight: number | undefined;
  private height: number | undefined;

  constructor(readonly source: Source) {}

  /** The last order. */
  get ordered(): Order | undefined {
    return this.order;
  }

  /** Sends by this sender from now on. */
  async bind(sender: RTCRtpSender): Promise<void> {
    this.sender = sender;
    await sender.replaceTrack(this.track);
  }

  /** Sends this track from now on, or nothing. */
  setTrack(track: MediaStreamTrack | null): void {
    const began = this.track === null && track !== null;
    this.track = track;
    this.measuredHeight = undefined;
    // It fails only where the connection was closed, or where the sender can't take the track: it goes on without.
    this.sender?.replaceTrack(track).then(
      () => this.apply(),
      () => undefined,
    );
    if (began) this.start();
  }

  steer(order: Order): void {
    const resumed = order.bitrate > 0 && this.order?.bitrate === 0;
    this.order = order;
    this.frames.steer(order);
    if (resumed) this.start();
    this.apply();
  }

  /** A picture keeps its size for a while from here on. */
  start(): void {
    if (this.closed || !this.track || kindOf(this.source) === "audio") return;
    this.starting = true;
    clearTimeout(this.startTimer);
    this.startTimer = setTimeout(() => {
      this.starting = false;
      this.apply();
    }, STARTING);
    this.apply();
  }

  /** Forces key frames, now and a few times more. */
  key(): void {
    if (kindOf(this.source) === "audio" || !this.track) return;
    for (const after of KEY_FRAMES) {
      const timer = setTimeout(() => {
        this.keyTimers.delete(timer);
        this.frames.key();
        this.keyOnce();
      }, after);
      this.keyTimers.add(timer);
    }
  }

  /** Frames come from elsewhere, or do no longer: the own encoder then begins with a key frame. */
  framesChanged(): void {
    if (this.frames.copied) this.apply();
    else this.keyOnce();
  }

  /** Forces one key frame. */
  keyOnce(): void {
    this.keyFrame = true;
    this.apply();
  }

  /** The picture has this height. The parameters are set anew if they were made for another. */
  measured(height: number | undefined): void {
    this.measuredHeight = height;
    if (this.track?.kind === "video" && this.trackHeight() !== this.height) this.apply();
  }

  close(): void {
    this.closed = true;
    this.frames.close();
    clearTimeout(this.startTimer);
    for (const timer of this.keyTimers) clearTimeout(timer);
    this.keyTimers.clear();
    this.sender = undefined;
    this.track = null;
  }

  /** Sets the parameters, once more if something changes meanwhile. */
  apply(): void {
    this.stale = true;
    if (!this.busy) void this.set();
  }

  /** Some tracks do not say it before they are sent. */
  private trackHeight(): number | undefined {
    return this.track?.getSettings().height ?? this.measuredHeight;
  }

  private async set(): Promise<void> {
    this.busy = true;
    while (this.stale && this.sender && !this.closed) {
      this.stale = false;
      // A sender that is stopped, or that is being negotiated, refuses: it is set again after the description.
      await this.setOnce(this.sender).catch(() => undefined);
    }
    this.busy = false;
  }

  private async setOnce(sender: RTCRtpSender): Promise<void> {
    const { track, source, starting, order } = this;
    this.height = this.trackHeight();
    const screen = source === "screen" || source === "screen-sound";
    const contentHint = track?.contentHint ?? "";
    const { copied } = this.frames;
    const material = { kind: kindOf(source), height: this.height, screen, contentHint, starting, copied };
    const parameters = steer(sender.getParameters(), order, material);
    if (parameters.encodings.length === 0) return;
    const key = this.keyFrame && track !== null;
    this.keyFrame = false;
    if (!key) return sender.setParameters(parameters);
    const options: object = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
    return sender.setParameters(parameters, options);
  }
}
