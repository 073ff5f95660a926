/** Tracks the edits in progress in Excalidraw, and when a pause stores them all the same. */
import type { AppState } from "@excalidraw/excalidraw/types";
import { isSave } from "../../../shared/keyboard";
import type { Hands } from "../model/scene";
import { PressedPointers } from "./pressedPointers";
import { unfinished } from "./surface";

/** An unfinished text or line is stored as it stands after a pause of this length. */
const PAUSE = 1_000;

interface EditTrackerOptions {
  /** The versions of the elements being edited, to tell whether the edit goes on. */
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

  /** An edit is in progress: it is stored once it pauses. */
  watch(): void {
    this.timer ??= setTimeout(() => this.look(), PAUSE);
  }

  /** Every pointer counts as released. */
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
