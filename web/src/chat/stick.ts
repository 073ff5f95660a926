/** A list that shows its end goes on showing it, when the field below it or a message in it grows. */
import { useCallback, useEffect, useRef } from "react";

/** Rounding leaves a pixel or two. */
const NEAR = 8;

interface Stick {
  scrollerRef: (element: HTMLElement | Window | null) => void;
  /** The messages together have another height than before. */
  grown: () => void;
}

export function useStick(): Stick {
  const scroller = useRef<HTMLElement | null>(null);
  const atEnd = useRef(false);
  const stop = useRef<AbortController | undefined>(undefined);

  const grown = useCallback(() => {
    const element = scroller.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, []);

  const scrollerRef = useCallback(
    (element: HTMLElement | Window | null) => {
      stop.current?.abort();
      scroller.current = element instanceof HTMLElement ? element : null;
      if (!scroller.current) return;
      stop.current = watch(scroller.current, (next) => (atEnd.current = next), grown);
    },
    [grown],
  );

  useEffect(() => () => stop.current?.abort(), []);
  return { scrollerRef, grown };
}

function watch(
  element: HTMLElement,
  scrolled: (atEnd: boolean) => void,
  resized: () => void,
): AbortController {
  const stop = new AbortController();
  const { signal } = stop;
  const look = () => scrolled(element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR);
  element.addEventListener("scroll", look, { signal, passive: true });
  const observer = new ResizeObserver(resized);
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
  return stop;
}
