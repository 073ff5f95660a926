/** Whether the person can be looking: the page is on show and has the focus. */
import { useEffect, useState, useSyncExternalStore, type RefObject } from "react";

function subscribe(listener: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  addEventListener("focus", listener, { signal });
  addEventListener("blur", listener, { signal });
  document.addEventListener("visibilitychange", listener, { signal });
  return () => stop.abort();
}

export function usePageFocus(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible" && document.hasFocus());
}

/** Whether an element is at least this wide; panels are resized without the window. */
export function useAtLeast(ref: RefObject<HTMLElement | null>, width: number): boolean {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWide(element.clientWidth >= width));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, width]);
  return wide;
}
