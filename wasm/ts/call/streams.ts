/** One `MediaStream` for each source of each client, for as long as its track is the same. */
import type { Source } from "./types.js";

export class Streams {
  private readonly all = new Map<number, Map<Source, MediaStream>>();

  of(client: number, source: Source): MediaStream | undefined {
    return this.all.get(client)?.get(source);
  }

  clients(): number[] {
    return [...this.all.keys()];
  }

  /** Shows a track, or nothing; true if that changes anything. */
  set(client: number, source: Source, track: MediaStreamTrack | undefined): boolean {
    const before = this.of(client, source);
    if (!track) return before !== undefined && this.remove(client, source);
    if (before?.getTracks()[0] === track) return false;
    const own = this.all.get(client) ?? new Map<Source, MediaStream>();
    this.all.set(client, own.set(source, new MediaStream([track])));
    return true;
  }

  private remove(client: number, source: Source): boolean {
    const own = this.all.get(client);
    own?.delete(source);
    if (own?.size === 0) this.all.delete(client);
    return true;
  }
}
