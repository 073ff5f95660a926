/**
 * Keeps a list at its end while messages come, grow, or leave it less room. Only the person
 * leaves the end, by scrolling up: the list itself moves about, too, while it learns how high its messages are.
 */
import { useCallback, useEffect, useRef, useState } from "react";

/** How near to the end, in pixels, counts as being there. */
export const NEAR = 24;
/** How long after a gesture, in ms, the list may still be moving by it. */
const MOVING = 1_000;

interface Stick {
  scrollerRef: (element: HTMLElement | Window | null) => void;
  /** The messages together have another height than before. */
  grown: () => void;
  /** The end is on the screen. */
  reached: () => void;
  atEnd: boolean;
  /** The same at this very moment. */
  isAtEnd: () => boolean;
}

export function useStickToEnd(fromStart: boolean): Stick {
  const [atEnd, setAtEnd] = useState(fromStart);
  const scroller = useRef<HTMLElement | null>(null);
  const sticks = useRef(fromStart);
  const stop = useRef<AbortController | undefined>(undefined);

  const grown = useCallback(() => {
    const element = scroller.current;
    if (element && sticks.current) element.scrollTop = element.scrollHeight;
  }, []);

  const settle = useCallback((next: boolean) => {
    sticks.current = next;
    setAtEnd(next);
  }, []);

  const scrollerRef = useCallback(
    (element: HTMLElement | Window | null) => {
      stop.current?.abort();
      scroller.current = element instanceof HTMLElement ? element : null;
      if (!scroller.current) return;
      stop.current = watch(scroller.current, () => sticks.current, settle, grown);
    },
    [grown, settle],
  );

  useEffect(() => () => stop.current?.abort(), []);
  const isAtEnd = useCallback(() => sticks.current, []);
  const reached = useCallback(() => settle(true), [settle]);
  return { scrollerRef, grown, reached, atEnd, isAtEnd };
}

function watch(
  element: HTMLElement,
  before: () => boolean,
  scrolled: (atEnd: boolean) => void,
  resized: () => void,
): AbortController {
  const stop = new AbortController();
  const { signal } = stop;
  const isMoving = gestures(element, signal);
  let top = element.scrollTop;
  const look = () => {
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
    const wentUp = element.scrollTop < top && isMoving();
    top = element.scrollTop;
    const next = isNear || (before() && !wentUp);
    if (next !== before()) scrolled(next);
  };
  element.addEventListener("scroll", look, { signal, passive: true });
  const observer = new ResizeObserver(resized);
  observer.observe(element);
  // The content grows without any event of its own.
  const content = element.querySelector("[data-testid=virtuoso-item-list]");
  if (content) observer.observe(content);
  signal.addEventListener("abort", () => observer.disconnect());
  return stop;
}

/** Whether the person may be scrolling at the moment: by wheel, finger, key or scrollbar. */
function gestures(element: HTMLElement, signal: AbortSignal): () => boolean {
  let until = 0;
  const options = { signal, passive: true, capture: true };
  const moved = () => (until = performance.now() + MOVING);
  for (const kind of ["wheel", "touchmove", "keydown"]) element.addEventListener(kind, moved, options);
  element.addEventListener("pointerdown", () => (until = Infinity), options);
  // Let go of anywhere, as scrollbars are.
  const released = () => {
    if (until === Infinity) moved();
  };
  addEventListener("pointerup", released, options);
  addEventListener("pointercancel", released, options);
  return () => performance.now() < until;
}
