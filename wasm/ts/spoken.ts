/** The live values of others about one document, by topic and client id. */
import type { Said } from "./types.js";

const nothing: ReadonlyMap<number, Uint8Array> = new Map();

export class Spoken {
  private readonly topics = new Map<string, Map<number, Uint8Array>>();

  /** Takes what someone said; false when that changes nothing. */
  set({ client, topic, value }: Said): boolean {
    let said = this.topics.get(topic);
    if (value === null) {
      const had = said?.delete(client) ?? false;
      if (said?.size === 0) this.topics.delete(topic);
      return had;
    }
    if (!said) this.topics.set(topic, (said = new Map<number, Uint8Array>()));
    said.set(client, value);
    return true;
  }

  /** The values of a topic. */
  of(topic: string): ReadonlyMap<number, Uint8Array> {
    return this.topics.get(topic) ?? nothing;
  }
}
