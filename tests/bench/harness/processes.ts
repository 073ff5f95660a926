/** What Linux tells of a process. */
import { readdir, readFile } from "node:fs/promises";

/** Resident memory in bytes. */
export async function memory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** Milliseconds of processor time of all its threads, exact to the microsecond. */
export async function processorTime(pid: number): Promise<number> {
  let nanoseconds = 0;
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(() => "0");
    nanoseconds += Number(stat.split(" ", 1)[0]);
  }
  return nanoseconds / 1e6;
}
