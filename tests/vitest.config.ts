/** One test at a time: each starts whole browsers, and some measure. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [process.env.COVEY_SHOTS === undefined ? "e2e/**/*.spec.ts" : "e2e/**/*.shot.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
  },
});
