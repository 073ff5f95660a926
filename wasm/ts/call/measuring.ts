/** Measurements of one connection, and when the engine is told of them. */
import { Beats } from "./beats.js";
import { DOUBT, Heard, Played } from "./heard.js";
import { qualityOf, valuesOf, type Quality } from "./quality.js";
import type { SentFrames } from "./frames/frames.js";
import { cameBetween, readingOf, withSent, type Places, type Reading } from "./stats.js";
import type { Source } from "./types.js";

/** Between two ticks, in milliseconds. */
export const TICK = 200;
/** In ticks. */
const BEAT = 2;
const MEASURE = 5;

export interface Measured {
  /** Numbers for the engine, as `valuesOf` lists them. */
  values(values: Float64Array): void;
  /** Once a second. */
  quality(quality: Quality): void;
  /** The picture sent of the camera, where the connection's own statistics can't tell. */
  sent(): SentFrames | undefined;
  /** More beats came than any page of a call sends. */
  flooded(): void;
  /** How high the pictures are that are sent, before they are made smaller. */
  heights(heights: Reading["heights"]): void;
}

export class Measuring {
  private readonly heard = new Heard();
  private readonly beats: Beats;
  private played = new Played([]);
  private reading: Reading | undefined;
  private quality: Quality | undefined;
  private busy = false;
  private closed = false;

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly measured: Measured,
  ) {
    this.beats = new Beats(
      pc,
      () => this.heard.hear(),
      () => measured.flooded(),
    );
  }

  /** Everything that comes by these is heard. */
  listenTo(receivers: readonly RTCRtpReceiver[]): void {
    this.played = new Played(receivers);
  }

  tick(count: number, shown: ReadonlySet<Source>): void {
    if (count % BEAT === 0) this.beats.send();
    if (this.heard.silence < DOUBT) this.played.forget();
    else if (this.played.look()) this.heard.hear();
    if (this.heard.look(performance.now())) this.tell();
    if (count % MEASURE === 0) void this.measure(shown);
  }

  close(): void {
    this.closed = true;
    this.beats.close();
  }

  private async measure(shown: ReadonlySet<Source>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const report = await this.pc.getStats().catch(() => undefined);
    this.busy = false;
    if (!report || this.closed) return;
    const before = this.reading;
    const reading = withSent(readingOf(report, performance.now(), this.places()), this.measured.sent());
    this.reading = reading;
    if (!before) return;
    if (cameBetween(before, reading)) this.heard.hear();
    this.heard.look(performance.now());
    this.quality = qualityOf(before, reading, shown);
    this.measured.quality(this.quality);
    this.measured.heights(reading.heights);
    this.tell();
  }

  private tell(): void {
    this.measured.values(valuesOf(this.heard.silence, this.quality));
  }

  private places(): Places {
    const transceivers = this.pc.getTransceivers();
    return {
      mids: transceivers.map(({ mid }) => mid),
      tracks: transceivers.map(({ receiver }) => receiver.track.id),
      own: transceivers.map(({ sender }) => sender.track?.id),
    };
  }
}
