/** Tells listeners that something changed, and counts how often it did. */
import { useSyncExternalStore } from "react";

export class Signal<T = void> {
  version = 0;
  private readonly listeners = new Set<(value: T) => void>();

  readonly listen = (listener: (value: T) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  emit(value: T): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener(value);
  }
}

/** Renders again whenever the signal is given; returns its count, for what depends on it. */
export function useSignal<T>(signal: Signal<T>): number {
  return useSyncExternalStore(signal.listen, () => signal.version);
}
