/** Says something in passing, at most so often, and always what was last. */

/** A live topic is sent 30 times a second at most; saying more often is work for nothing. */
const EVERY = 33;

export class ThrottledSender {
  private next: (() => Uint8Array | null) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silent = true;

  constructor(private readonly say: (value: Uint8Array | null) => void) {}

  /** What to say is asked for only when it is said. */
  send(value: () => Uint8Array | null): void {
    this.next = value;
    if (this.timer === undefined) this.flush();
  }

  /** What was said last stands; what was about to be said is not said. */
  dropPending(): void {
    this.next = undefined;
  }

  /** Takes back what was said. */
  retract(): void {
    this.next = undefined;
    if (this.silent) return;
    this.silent = true;
    this.say(null);
  }

  /** Says nothing more; what was said last stands. */
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
