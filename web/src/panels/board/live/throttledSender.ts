/** Sends a live value at a limited rate, always the newest. */

/** The engine sends a live topic 30 times a second at most, so more is wasted work. */
const EVERY = 33;

export class ThrottledSender {
  private next: (() => Uint8Array | null) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silent = true;

  constructor(private readonly say: (value: Uint8Array | null) => void) {}

  /** Computes the value only when it is sent. */
  send(value: () => Uint8Array | null): void {
    this.next = value;
    if (this.timer === undefined) this.flush();
  }

  /** Keeps the value that was sent last, and drops the one that waits. */
  dropPending(): void {
    this.next = undefined;
  }

  /** Takes back the value that was sent. */
  retract(): void {
    this.next = undefined;
    if (this.silent) return;
    this.silent = true;
    this.say(null);
  }

  /** Sends nothing more. The value that was sent last stands. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next = undefined;
  }

  destroy(): void {
    this.stop();
    this.retract();
  }

  private flush(): void {
    this.timer = undefined;
    if (!this.next) return;
    const value = this.next();
    this.next = undefined;
    if (value === null) {
      this.retract();
      return;
    }
    this.silent = false;
    this.say(value);
    this.timer = setTimeout(() => this.flush(), EVERY);
  }
}
