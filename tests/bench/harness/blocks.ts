/** How long the page was blocked at a stretch: the browser's own list of long tasks, and below it the gaps of a clock. */
import type { Page } from "playwright-core";

declare global {
  /** Stops watching; tells the longest stretch. */
  var coveyBlocks: () => number;
}

/** Tasks that take so many milliseconds are listed by the browser. */
const LISTED = 50;

/** Starts to watch, in the page as it is. */
export async function watchBlocks(page: Page): Promise<void> {
  await page.evaluate((LISTED) => {
    let longest = 0;
    const see = (took: number) => (longest = Math.max(longest, took));
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) see(duration);
    });
    // Tasks of less than 50 ms are in no list. The gap between two ticks bounds them: it may be
    // longer than any of them, since keys and frames go before timers.
    let last = performance.now();
    const ticks = setInterval(() => {
      const now = performance.now();
      see(Math.min(Math.max(0, now - last - 4), LISTED));
      last = now;
    }, 4);
    tasks.observe({ type: "longtask" });
    globalThis.coveyBlocks = () => {
      for (const { duration } of tasks.takeRecords()) see(duration);
      tasks.disconnect();
      clearInterval(ticks);
      return longest;
    };
  }, LISTED);
}

/** The longest stretch since. */
export function longestBlock(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.coveyBlocks());
}
