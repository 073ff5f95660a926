/** The hands at Excalidraw: what they have not let go of, and when that is stored all the same. */
import type { AppState } from "@excalidraw/excalidraw/types";
import { isSave } from "../../../shared/keyboard";
import type { Hands } from "../model/scene";
import { PressedPointers } from "./pressedPointers";
import { unfinished } from "./surface";

/** A text or a line that nobody went on with for so long is stored as it stands. */
const PAUSE = 1_000;

interface EditTrackerOptions {
  /** The versions of what is in hand, to tell whether somebody goes on with it. */
  versions: () => string;
  /** A pointer went up. */
  onRelease: () => void;
  onPause: () => void;
}

export class EditTracker {
  private readonly pointers: PressedPointers;
  private readonly stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private before = "";

  constructor(private readonly options: EditTrackerOptions) {
    this.pointers = new PressedPointers(options.onRelease);
    const { signal } = this.stop;
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
    addEventListener("pagehide", () => this.pause(), { signal });
    addEventListener("keydown", (event) => isSave(event) && this.pause(), { capture: true, signal });
  }

  get isPressed(): boolean {
    return this.pointers.isHeld;
  }

  of(state: AppState): Hands {
    return { pressed: this.pointers.isHeld, unfinished: unfinished(state) };
  }

  /** Something is in hand: it is stored once it rests. */
  watch(): void {
    this.timer ??= setTimeout(() => this.look(), PAUSE);
  }

  /** Every pointer counts as let go. */
  end(): void {
    this.pointers.end();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.pointers.destroy();
  }

  private look(): void {
    this.timer = undefined;
    const versions = this.options.versions();
    if (versions === this.before) this.pause();
    else if (versions !== "") this.watch();
    this.before = versions;
  }

  private pause(): void {
    if (!this.pointers.isHeld) this.options.onPause();
  }
}
