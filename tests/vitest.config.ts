/** One test at a time: each starts whole browsers, and some measure. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // `cargo xtask` names no Firefox where it can't be had, and reports that this was left out.
    exclude: process.env.FIREFOX === "" ? ["e2e/firefox.spec.ts"] : [],
    include: [process.env.COVEY_SHOTS === undefined ? "e2e/**/*.spec.ts" : "e2e/**/*.shot.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
  },
});
