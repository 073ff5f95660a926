/** How loud a track of this page is. */

let context: AudioContext | undefined;

/** Speech is louder than this. */
export const SPEECH = 0.012;

export class Meter {
  private readonly copy: MediaStreamTrack;
  private readonly source: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  /** Hears a copy of the track, which is loud while the track itself is muted. */
  constructor(track: MediaStreamTrack) {
    context ??= new AudioContext();
    void context.resume();
    this.copy = track.clone();
    this.copy.enabled = true;
    try {
      this.source = context.createMediaStreamSource(new MediaStream([this.copy]));
    } catch (error) {
      // The device would stay on for the copy alone.
      this.copy.stop();
      throw error;
    }
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  /** From 0 to 1, as of the last 20 ms. */
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length;
    return Math.min(1, Math.sqrt(power));
  }

  close(): void {
    this.source.disconnect();
    this.copy.stop();
  }
}

/** A level as people hear it: 0 for silence, 1 for loud speech. */
export function loudness(level: number): number {
  const decibels = 20 * Math.log10(Math.max(level, 1e-5));
  return Math.min(1, Math.max(0, (decibels + 50) / 40));
}
