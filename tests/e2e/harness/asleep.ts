/** A device that sleeps: nothing in its browser runs, and nothing is said about it. */
import { readdir, readFile } from "node:fs/promises";
import { at } from "./condition";

/** Stops every process of the browser with this profile for so long. */
export async function sleep(profile: string, milliseconds: number): Promise<void> {
  const processes = await browserOf(profile);
  if (processes.length === 0) throw new Error(`no browser runs with ${profile}`);
  const since = performance.now();
  processes.forEach((pid) => process.kill(pid, "SIGSTOP"));
  await at(since + milliseconds);
  processes.forEach((pid) => process.kill(pid, "SIGCONT"));
}

/** The browser itself, and all that it started. */
async function browserOf(profile: string): Promise<number[]> {
  const known = new Map<number, { parent: number; command: string }>();
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (Number.isNaN(pid)) continue;
    try {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
      known.set(pid, { parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), command });
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = new Set<number>();
  for (const [pid, { command }] of known) {
    if (command.includes(`--user-data-dir=${profile}\0`)) found.add(pid);
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, { parent }] of known) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}
