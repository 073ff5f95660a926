/** The worker of a recording as the page uses it. */
import type { Answer, Ask } from "./messages";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Assistant {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private gone: Error | undefined;
  private tick: () => void = () => undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.worker = new Worker(new URL("./file.worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.answered(data);
    // It could not be fetched, or the page's policy forbids it.
    this.worker.onerror = () => this.failed();
  }

  async open(name: string): Promise<void> {
    await this.ask({ do: "open", name });
  }

  /** At the end of the file, or over what is there. */
  async write(bytes: ArrayBuffer, at?: number): Promise<void> {
    await this.ask({ do: "write", bytes, ...(at !== undefined && { at }) }, [bytes]);
  }

  async close(): Promise<void> {
    await this.ask({ do: "close" });
  }

  /** Calls back every so many milliseconds, in a hidden page too. */
  ticking(every: number, tick: () => void): void {
    this.tick = tick;
    if (this.gone) this.timer ??= setInterval(tick, every);
    else this.worker.postMessage({ do: "tick", every } satisfies Ask);
  }

  end(): void {
    this.tick = () => undefined;
    clearInterval(this.timer);
    this.worker.terminate();
  }

  private ask(ask: Ask, transfer: Transferable[] = []): Promise<void> {
    if (this.gone) return Promise.reject(this.gone);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(ask, transfer);
    });
  }

  private answered(answer: Answer): void {
    if (answer.is === "tick") {
      this.tick();
      return;
    }
    const asked = this.waiting.shift();
    if (answer.is === "done") asked?.resolve();
    else asked?.reject(new DOMException("", answer.error));
  }

  private failed(): void {
    this.gone = new Error("no worker");
    for (const { reject } of this.waiting.splice(0)) reject(this.gone);
  }
}
