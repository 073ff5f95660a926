/** What the figures were measured on. */
import { execFile } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import { settings as programs } from "../../e2e/harness/settings";

export interface Machine {
  cores: number;
  processor: string;
  memory: string;
  system: string;
  browser: string;
  node: string;
  /** How busy it was with other things when the run began. */
  load: number;
}

export async function machine(): Promise<Machine> {
  const { stdout } = await promisify(execFile)(programs.chrome, ["--version"]);
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release().split("-")[0] ?? ""}`,
    browser: stdout.split(" built")[0]?.trim() ?? "unknown",
    node: process.version,
    load: loadavg()[0] ?? NaN,
  };
}

export function words(machine: Machine): string {
  const { cores, processor, memory, system, browser, node, load } = machine;
  return (
    `${cores} cores (${processor}), ${memory}, ${system}, ${browser}, Node.js ${node}, ` +
    `load when the run began ${load.toFixed(1)}`
  );
}
