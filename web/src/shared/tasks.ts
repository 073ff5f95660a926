/** Calls a function in a later task. Each returns a function that cancels the call. */

/** Calls when the page is idle, within half a second. */
export function whenIdle(call: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) return inTask(call, 20);
  const handle = requestIdleCallback(call, { timeout: 500 });
  return () => cancelIdleCallback(handle);
}

/** Calls in a task of its own, after so many milliseconds. */
export function inTask(call: () => void, ms = 0): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
