/**
 * Where the board stands in the window. Excalidraw remembers it and learns only of another size, while panels are
 * moved, hidden and scrolled too, so it is told its place before each event with a position.
 */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { flushSync } from "react-dom";

const EVENTS = [
  ...["pointerdown", "pointermove", "pointerup", "wheel", "contextmenu", "dblclick"],
  ...["touchstart", "dragover", "drop", "keydown", "paste"],
] as const;

/** Measures until the returned function is called. */
export function keepMeasured(api: ExcalidrawImperativeAPI): () => void {
  const stop = new AbortController();
  const root = document.querySelector(".excalidraw");
  const measure = ({ target }: Event) => {
    if (!root || !(target instanceof Node)) return;
    // A paste goes to the element with the focus, and a pressed pointer may be anywhere.
    const isHere = root.contains(target) || root.contains(document.activeElement);
    if (!isHere) return;
    const { left, top, width } = root.getBoundingClientRect();
    const { offsetLeft, offsetTop } = api.getAppState();
    if (width === 0 || (left === offsetLeft && top === offsetTop)) return;
    // At once: its own listener is next.
    flushSync(() => api.refresh());
  };
  for (const name of EVENTS)
    addEventListener(name, measure, { capture: true, passive: true, signal: stop.signal });
  return () => stop.abort();
}
