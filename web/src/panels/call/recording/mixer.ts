/** All sound of a recording on one track. Nothing of it is played: the page's own elements do that. */

export class Mixer {
  private readonly context = new AudioContext();
  private readonly out = this.context.createMediaStreamDestination();
  /** Several voices at once stay within what a track can hold. */
  private readonly limiter = this.context.createDynamicsCompressor();
  private readonly sources = new Map<MediaStream, MediaStreamAudioSourceNode>();

  constructor() {
    this.limiter.connect(this.out);
    void this.context.resume();
  }

  get track(): MediaStreamTrack | undefined {
    return this.out.stream.getAudioTracks()[0];
  }

  /** Mixes these streams and no others. */
  mix(streams: readonly MediaStream[]): void {
    for (const [stream, source] of this.sources) {
      if (streams.includes(stream)) continue;
      source.disconnect();
      this.sources.delete(stream);
    }
    for (const stream of streams) {
      if (this.sources.has(stream) || stream.getAudioTracks().length === 0) continue;
      const source = this.context.createMediaStreamSource(stream);
      source.connect(this.limiter);
      this.sources.set(stream, source);
    }
  }

  close(): void {
    this.mix([]);
    void this.context.close();
  }
}
