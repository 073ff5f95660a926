/** How loud somebody is: root mean square of the samples, from 0 to 1. Speech is about 0.02 to 0.3. */

/** A level older than this is of sound that has ended, in milliseconds. */
const OLD = 500;

/** Of what is received from somebody. */
export class TheirLevel {
  private timestamp = 0;
  private changed = -Infinity;

  constructor(private readonly receiver: RTCRtpReceiver) {}

  now(): number {
    // The newest one first, by the standard.
    const [source] = this.receiver.getSynchronizationSources();
    if (!source) return 0;
    const now = performance.now();
    // Browsers count from different times: when it last changed is known here in any case.
    if (source.timestamp !== this.timestamp) [this.timestamp, this.changed] = [source.timestamp, now];
    return now - this.changed > OLD ? 0 : (source.audioLevel ?? 0);
  }
}

/** Of the own microphone, also while it is muted. */
export class OwnLevel {
  private readonly samples: Float32Array<ArrayBuffer>;

  private constructor(
    private readonly context: AudioContext,
    private readonly track: MediaStreamTrack,
    private readonly analyser: AnalyserNode,
  ) {
    this.samples = new Float32Array(analyser.fftSize);
  }

  /** Of a track; nothing where the browser has no room for another context. */
  static of(microphone: MediaStreamTrack): OwnLevel | undefined {
    // Not the track itself: that one is silent while it is muted.
    const track = microphone.clone();
    track.enabled = true;
    try {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      // To no destination: nobody hears oneself.
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      return new OwnLevel(context, track, analyser);
    } catch {
      track.stop();
      return undefined;
    }
  }

  now(): number {
    // A browser may want the person to have pressed something first.
    if (this.context.state === "suspended") this.context.resume().catch(() => undefined);
    this.analyser.getFloatTimeDomainData(this.samples);
    const sum = this.samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.min(1, Math.sqrt(sum / this.samples.length));
  }

  /** A clone keeps the device open for itself. */
  close(): void {
    this.track.stop();
    this.context.close().catch(() => undefined);
  }
}
