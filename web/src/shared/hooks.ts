/** Small hooks that more than one view uses. */
import { useEffect, useState, useSyncExternalStore } from "react";

/** Screens with room for one panel at a time. */
export const NARROW = "(max-width: 899px)";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Whether the page is before somebody, as far as the browser knows. */
export function usePageShown(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.visibilityState === "visible",
  );
}

/** True once `value` has been true for `delay` ms without a break: keeps passing states from flickering. */
export function useLasting(value: boolean, delay: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => setLasting(true), delay);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [value, delay]);
  return value && lasting;
}

/** Renders again every `period` ms, for texts about time. */
export function useTick(period: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), period);
    return () => clearInterval(timer);
  }, [period]);
}
