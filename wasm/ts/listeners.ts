/** Listeners of events; one that throws does not keep the others from hearing. */

type Listener<T> = (value: T) => void;

export class Listeners<Events> {
  private readonly all: { [K in keyof Events]?: Set<Listener<Events[K]>> } = {};

  /** Adds a listener and returns the function that removes it. */
  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
    const listeners = (this.all[event] ??= new Set());
    // The same function may listen twice, and is then removed one by one.
    const own: Listener<Events[K]> = (value) => listener(value);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Tells everyone; false when nobody listens. */
  emit<K extends keyof Events>(event: K, value: Events[K]): boolean {
    const listeners = [...(this.all[event] ?? [])];
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        // Reported as uncaught, where the page's own tools look for it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return listeners.length > 0;
  }
}
