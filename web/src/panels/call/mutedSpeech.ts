/** Notices when a muted person talks. */
import { SPEECH } from "./own/meter";

/** Of the last beats, of eight a second, so many are loud. */
const WINDOW = 8;
const LOUD = 5;
/** Noticed again after so many beats at the earliest. */
const PAUSE = 120;

export class MutedSpeech {
  private recent: readonly boolean[] = [];
  private pause = 0;

  /** Takes the level of the microphone, several times a second; true where the person should be told. */
  heard(level: number): boolean {
    this.pause = Math.max(0, this.pause - 1);
    this.recent = [...this.recent, level > SPEECH].slice(-WINDOW);
    if (this.pause > 0 || this.recent.filter(Boolean).length < LOUD) return false;
    this.pause = PAUSE;
    this.recent = [];
    return true;
  }

  /** The person is not muted any more. */
  restart(): void {
    this.recent = [];
    this.pause = 0;
  }
}
