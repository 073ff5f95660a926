/** Measuring, one row after the other; `cargo xtask bench` runs it and says where results go. */
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The rows in the order of their files, whatever took long the last time. */
class InOrder extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId)));
  }
}

export default defineConfig({
  test: {
    include: ["bench/rows/*.bench.ts"],
    globalSetup: ["bench/report/setup.ts"],
    fileParallelism: false,
    sequence: { sequencer: InOrder },
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
