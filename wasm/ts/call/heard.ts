/** For how long nothing was heard of somebody, by looks at short intervals. */

/** No look adds more than this, in milliseconds: a page that stood still has not read what came meanwhile. */
const MOST = 400;

/** From here on there is doubt, in milliseconds: a beat was lost, or is late. */
export const DOUBT = 600;

/** From here on it is silence, in milliseconds. */
export const SILENT = 1_200;

export class Heard {
  private last: number | undefined;
  /** Since anything was heard; infinite before the first. */
  silence = Infinity;
  private anything = false;

  /** Something was heard. */
  hear(): void {
    this.anything = true;
  }

  /** Looks at what came since the last look; true where silence began or ended. */
  look(now: number): boolean {
    const before = this.silence;
    const passed = Math.min(MOST, now - (this.last ?? now));
    this.last = now;
    this.silence = this.anything ? 0 : this.silence + passed;
    this.anything = false;
    return before > SILENT !== this.silence > SILENT;
  }
}

/** Whether receivers play anything. It is asked in doubt only: each answer comes from another thread. */
export class Played {
  private last: number | undefined;

  constructor(private readonly receivers: readonly RTCRtpReceiver[]) {}

  /** Whether anything was played since the last look. */
  look(): boolean {
    const sources = this.receivers.flatMap((receiver) => receiver.getSynchronizationSources());
    const newest = Math.max(0, ...sources.map(({ timestamp }) => timestamp));
    const before = this.last ?? newest;
    this.last = newest;
    return newest > before;
  }

  /** There is no doubt: the next look is a first one. */
  forget(): void {
    this.last = undefined;
  }
}
