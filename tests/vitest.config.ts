/**
 * As many files at a time as there are processors, two at least: each starts whole browsers, but in some of them
 * somebody mostly types or waits. What needs a quiet machine runs by itself, after all others.
 */
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Mostly waiting: for somebody who types a minute, for a node that is away, for a device that sleeps. */
const WAITING = ["main", "kill", "sleep", "restart", "reload", "interop", "native"];
/** The results of these depend on the moment at which something is done, or on how soon. */
const ALONE = ["glare", "heavy", "hostile"];
/** Cameras, encoders and decoders of several browsers want the machine for themselves. */
const CALLS = [
  "call",
  "call-access",
  "call-churn",
  "call-firefox",
  "call-lines",
  "call-node",
  "call-rights",
  "call-screen",
];

const spec = (name: string) => `e2e/${name}.spec.ts`;

/** Files that wait are spread among the others, so that there is always something to do and never too much. */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) =>
      WAITING.some((name) => basename(moduleId) === `${name}.spec.ts`);
    const waiting = sorted.filter(waits);
    const others = sorted.filter((file) => !waits(file));
    const step = Math.ceil(others.length / Math.max(1, waiting.length));
    const mixed: TestSpecification[] = [];
    while (waiting.length + others.length > 0)
      mixed.push(...waiting.splice(0, 1), ...others.splice(0, step));
    return mixed;
  }
}

const pictures = process.env.COVEY_SHOTS !== undefined;
// `cargo xtask` names no Firefox where it can't be had, and reports that this was left out.
const absent = process.env.FIREFOX === "" ? ["firefox", "call-firefox"].map(spec) : [];
const alone = [...ALONE, ...CALLS].map(spec);

const common = { testTimeout: 180_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    sequence: { sequencer: Mixed },
    projects: pictures
      ? [{ test: { ...common, name: "pictures", include: ["e2e/**/*.shot.ts"], maxWorkers: 1 } }]
      : [
          {
            test: {
              ...common,
              name: "together",
              include: [spec("*")],
              exclude: [...absent, ...alone],
              maxWorkers: Math.max(2, availableParallelism()),
              sequence: { groupOrder: 0 },
            },
          },
          {
            test: {
              ...common,
              name: "alone",
              include: alone,
              exclude: absent,
              maxWorkers: 1,
              sequence: { groupOrder: 1 },
            },
          },
        ],
  },
});
