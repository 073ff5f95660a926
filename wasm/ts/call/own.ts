/** The tracks that this page gave to a call, and its own state. */
import { flagsOf, kindOf } from "./flags.js";
import { OwnLevel } from "./levels.js";
import type { Source } from "./types.js";

interface Given {
  readonly track: MediaStreamTrack;
  readonly stop: AbortController;
}

export class Own {
  private readonly given = new Map<Source, Given>();
  private meter: OwnLevel | undefined;
  private metered: MediaStreamTrack | undefined;
  muted = false;
  hand = false;
  recording = false;

  /** `ended` is told of a source whose track ended by itself. */
  constructor(private readonly ended: (source: Source) => void) {}

  get flags(): number {
    const { muted, hand, recording } = this;
    return flagsOf({ sources: this.given.keys(), muted, hand, recording });
  }

  track(source: Source): MediaStreamTrack | undefined {
    return this.given.get(source)?.track;
  }

  /** Takes another track, or none; true if that changes anything. */
  set(source: Source, track: MediaStreamTrack | null): boolean {
    if (track && track.kind !== kindOf(source)) throw new TypeError(`${track.kind} as ${source}`);
    const before = this.given.get(source);
    if ((before?.track ?? null) === track) return false;
    before?.stop.abort();
    this.given.delete(source);
    if (source === "microphone") this.stopMeter();
    if (track) {
      const stop = new AbortController();
      track.addEventListener("ended", () => this.ended(source), { signal: stop.signal });
      this.given.set(source, { track, stop });
      if (source === "microphone") track.enabled = !this.muted;
    }
    return true;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    const microphone = this.track("microphone");
    if (microphone) microphone.enabled = !muted;
  }

  /** Finds tracks that the page itself has stopped: no event tells of those. */
  lookForEnded(): void {
    for (const [source, { track }] of [...this.given]) if (track.readyState === "ended") this.ended(source);
  }

  /** How loud the microphone is. */
  level(): number {
    const track = this.track("microphone");
    if (track !== this.metered) this.startMeter(track);
    return this.meter?.now() ?? 0;
  }

  /** Ends the meter; the tracks stay the page's. */
  stopMeter(): void {
    this.startMeter(undefined);
  }

  private startMeter(track: MediaStreamTrack | undefined): void {
    this.meter?.close();
    this.meter = undefined;
    this.metered = track;
    if (!track) return;
    this.meter = OwnLevel.of(track);
  }
}
