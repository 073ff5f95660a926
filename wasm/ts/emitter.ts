/** Listeners by the names of their events. A listener that throws does not keep the others from being called. */
import type { Emits } from "./types.js";

type Listener<T> = (value: T) => void;

export class Emitter<Events> implements Emits<Events> {
  private readonly all: { [K in keyof Events]?: Set<Listener<Events[K]>> } = {};

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
    const listeners = (this.all[event] ??= new Set());
    // The same function may listen twice, and is then removed one by one.
    const own: Listener<Events[K]> = (value) => listener(value);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Tells everyone; false when nobody listens. */
  emit<K extends keyof Events>(event: K, value: Events[K]): boolean {
    const listeners = this.all[event] ?? new Set();
    const now = [...listeners];
    for (const listener of now) {
      // One of those before may have removed it.
      if (!listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        // Reported as uncaught, where the page's own tools look for it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return now.length > 0;
  }
}
