/** The speaker, without jumping: a cough or a short word changes nothing. */
import { SPEECH } from "../own/meter";

/** The loudest person for this long is the speaker, in milliseconds. */
const LASTING = 700;

export class SpeakerChoice {
  private current: number | undefined;
  private next: { client: number; since: number } | undefined;

  /** Takes everybody's level at a time, and says who the speaker is: the last one, where nobody speaks. */
  heard(levels: ReadonlyMap<number, number>, now: number): number | undefined {
    if (this.current !== undefined && !levels.has(this.current)) this.current = undefined;
    const [loudest] = [...levels].filter(([, level]) => level > SPEECH).sort(([, a], [, b]) => b - a);
    if (!loudest || loudest[0] === this.current) {
      this.next = undefined;
      return this.current;
    }
    const [client] = loudest;
    if (this.next?.client !== client) this.next = { client, since: now };
    if (this.current === undefined || now - this.next.since >= LASTING) {
      this.current = client;
      this.next = undefined;
    }
    return this.current;
  }
}
