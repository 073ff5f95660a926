/** Tells when this device slept or the page was frozen: timers stood still, and connections may have died unnoticed. */

const EVERY = 1_000;
/** A page that is seen is late by no more than it is busy. */
const LATE = 5_000;
/** The timers of a hidden page may come once a minute. */
const LATE_HIDDEN = 90_000;

export function onWake(wake: () => void, signal: AbortSignal): void {
  let last = Date.now();
  const look = () => {
    const now = Date.now();
    const late = now - last - EVERY;
    last = now;
    if (late > (document.hidden ? LATE_HIDDEN : LATE)) wake();
  };
  const timer = setInterval(look, EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", look, { signal });
  document.addEventListener("resume", wake, { signal });
}
