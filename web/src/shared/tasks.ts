/** Later, in a task of its own. Each returns what calls it off. */

/** When the page has nothing more urgent to do, within half a second. */
export function whenIdle(call: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) return inTask(call, 20);
  const handle = requestIdleCallback(call, { timeout: 500 });
  return () => cancelIdleCallback(handle);
}

/** When it is its turn, after so many milliseconds. */
export function inTask(call: () => void, ms = 0): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
