/** Calls when the page has nothing more urgent to do, within half a second; returns what calls it off. */
export function whenIdle(call: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(call, 20);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(call, { timeout: 500 });
  return () => cancelIdleCallback(handle);
}
