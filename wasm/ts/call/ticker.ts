/** Ticks that come on time in a hidden page too, whose own timers the browser slows down. */

/** The whole of the worker. It needs no file of its own, so that any bundler takes the package. */
const WORKER = "onmessage = ({ data }) => setInterval(() => postMessage(0), data);";

/** Calls `tick` every so many milliseconds until it is told to stop. */
export function ticking(every: number, tick: () => void): () => void {
  const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  let timer: number | undefined;
  let worker: Worker | undefined;
  const stop = () => {
    worker?.terminate();
    worker = undefined;
    clearInterval(timer);
    timer = undefined;
    URL.revokeObjectURL(address);
  };
  const withTimer = () => {
    stop();
    timer = setInterval(tick, every);
  };
  try {
    const made = new Worker(address);
    worker = made;
    // The policy of a page may forbid it.
    made.onerror = () => worker === made && withTimer();
    made.onmessage = () => worker === made && tick();
    made.postMessage(every);
  } catch {
    withTimer();
  }
  return stop;
}
