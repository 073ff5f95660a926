/** The call of a room before a page asks for it: how many take part, and nothing loaded. */
import { CoveyError } from "../errors.js";
import type { OpenCall } from "./call.js";
import type { CallPort, CallTold } from "./port.js";
import type { Call } from "./types.js";

export class LazyCall {
  /** How many take part. */
  size = 0;
  private loading: Promise<OpenCall> | undefined;
  private loaded: OpenCall | undefined;
  private ended = false;

  constructor(private readonly port: CallPort) {}

  /** Loads what a call needs; the same object every time. */
  load(): Promise<Call> {
    this.loading ??= this.make().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** The engine says something; true if another number takes part. */
  told(told: CallTold): boolean {
    const before = this.size;
    if (told[0] === "changed") this.size = this.port.call().attendees.length;
    // Without it nobody on this page can take part, so the engine has nothing else to say.
    this.loaded?.told(told);
    return this.size !== before;
  }

  /** The room is left. */
  end(): void {
    this.ended = true;
    this.loaded?.leave();
  }

  private async make(): Promise<OpenCall> {
    const { OpenCall } = await import("./call.js");
    if (this.ended) throw new CoveyError("room-left");
    this.loaded = new OpenCall(this.port);
    return this.loaded;
  }
}
