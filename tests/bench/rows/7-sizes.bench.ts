/** What a person downloads, as the size budgets count it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "vitest";
import { keep } from "../harness/results";
import { settings } from "../harness/settings";

test("sizes", async () => {
  const budgets = promisify(execFile)(process.execPath, ["xtask/budgets.mjs"], {
    cwd: settings.repository,
  });
  // Too large is a figure like any other here.
  const { stdout } = await budgets.catch((error: unknown) => error as { stdout: string });
  const size = (what: string) =>
    Number(new RegExp(`^${what}: ([\\d.]+) KiB brotli`, "m").exec(stdout)?.[1]);
  await keep("module", { covey: { values: [size("module")] } });
  await keep("first", { covey: { values: [size("first load")] } });
});
