/** The last two minutes of the quality of each connection. */
import { sampleOf, type Quality } from "./quality.js";
import type { Sample } from "./types.js";

/** One a second. */
const SAMPLES = 120;

export class History {
  private readonly all = new Map<number, readonly Sample[]>();

  of(client: number): readonly Sample[] {
    return this.all.get(client) ?? [];
  }

  /** The samples that a page was given stay as they are. */
  add(client: number, at: number, quality: Quality): void {
    const kept = this.of(client);
    this.all.set(client, [...kept.slice(1 - SAMPLES), sampleOf(at, quality, kept.at(-1))]);
  }

  /** Forgets everybody else. */
  keep(clients: ReadonlySet<number>): void {
    for (const client of this.all.keys()) if (!clients.has(client)) this.all.delete(client);
  }
}
