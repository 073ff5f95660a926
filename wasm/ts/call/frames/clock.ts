/** Timestamps of RTP video: 90 a millisecond, modulo 2^32, each sender beginning anywhere. */

const PER_MILLISECOND = 90;

/** How far `to` is ahead of `from`; negative where it is behind. */
export function ahead(from: number, to: number): number {
  return (to - from) | 0;
}

export function later(timestamp: number, by: number): number {
  return (timestamp + by) >>> 0;
}

/** How a sender's timestamps stand against the page's clock. The frame that came with the least delay tells. */
export class RtpClock {
  private best: number | undefined;

  see(timestamp: number, now: number): void {
    const offset = later(timestamp, -Math.round(now * PER_MILLISECOND));
    if (this.best === undefined || ahead(this.best, offset) > 0) this.best = offset;
  }

  /** The difference to timestamps of another clock; undefined before both were seen. */
  until(other: RtpClock): number | undefined {
    if (this.best === undefined || other.best === undefined) return undefined;
    return ahead(this.best, other.best);
  }
}
