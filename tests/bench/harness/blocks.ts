/** How long the page was blocked at a stretch: the browser's own list of long tasks, and the gaps of a clock. */
import type { Page } from "playwright-core";

declare global {
  var coveyBlocks: { longest: number; watch: () => void; stop: () => number };
}

/** Starts to watch, in the page as it is. */
export async function watchBlocks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const blocks = { longest: 0, watch: () => undefined, stop: () => blocks.longest };
    const see = (took: number) => (blocks.longest = Math.max(blocks.longest, took));
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) see(duration);
    });
    // Tasks of less than 50 ms are in no list: the longest gap between two ticks bounds them.
    let last = performance.now();
    const ticks = setInterval(() => {
      const now = performance.now();
      see(Math.max(0, now - last - 4));
      last = now;
    }, 4);
    tasks.observe({ type: "longtask" });
    blocks.stop = () => {
      for (const { duration } of tasks.takeRecords()) see(duration);
      tasks.disconnect();
      clearInterval(ticks);
      return blocks.longest;
    };
    globalThis.coveyBlocks = blocks;
  });
}

/** The longest stretch since. */
export function longestBlock(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.coveyBlocks.stop());
}
