/** Notifies listeners of changes, and counts the changes. */
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

/** Renders again with every change of the signal. Returns its count, for dependencies. */
export function useSignal<T>(signal: Signal<T>): number {
  return useSyncExternalStore(signal.listen, () => signal.version);
}
