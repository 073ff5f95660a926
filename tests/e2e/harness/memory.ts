/** How much memory a browser takes, all of its processes together. */
import { readdir, readFile } from "node:fs/promises";

/** Bytes that are in memory for the browser of this profile; `undefined` where nobody says. */
export async function memoryOf(profile: string): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const all = await Promise.all(
    (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map((pid) => look(pid)),
  );
  const known = all.filter((one) => one !== undefined);
  const wanted = new Set(known.filter(({ line }) => line.includes(profile)).map(({ pid }) => pid));
  // Parents have lower numbers than their children, mostly: until none is added.
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const { pid, parent } of known) if (wanted.has(parent)) wanted.add(pid);
  }
  return known.reduce((sum, { pid, bytes }) => sum + (wanted.has(pid) ? bytes : 0), 0);
}

async function look(pid: string) {
  try {
    const [line, status] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]);
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? "0";
    // Without what is shared with files, which every process counts as its own.
    return {
      pid,
      parent: field("PPid"),
      line,
      bytes: 1024 * (+field("RssAnon") + +field("RssShmem")),
    };
  } catch {
    return undefined;
  }
}
