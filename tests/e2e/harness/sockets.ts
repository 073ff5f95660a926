/** The traffic of the node's sockets, as the kernel counts it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { until } from "./condition";

const execute = promisify(execFile);
const LOOK_EVERY = 500;

/** Counts the bytes on all connections of a port, both ways, from `start` on. */
export class Meter {
  private readonly first: Map<string, number>;
  private readonly last: Map<string, number>;
  private readonly began = performance.now();
  private looking: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly port: number,
    first: Map<string, number>,
  ) {
    this.first = first;
    this.last = new Map(first);
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_EVERY);
  }

  static async start(port: number): Promise<Meter> {
    return new Meter(port, await sockets(port));
  }

  /** Bytes since the start; a connection that came later counts from its first byte. */
  async stop(): Promise<{ bytes: number; perMinute: number; connections: number }> {
    clearInterval(this.timer);
    await this.looking;
    await this.look();
    let bytes = 0;
    for (const [peer, count] of this.last) bytes += count - (this.first.get(peer) ?? 0);
    const minutes = (performance.now() - this.began) / 60_000;
    return { bytes, perMinute: bytes / minutes, connections: this.last.size };
  }

  private async look(): Promise<void> {
    for (const [peer, count] of await sockets(this.port)) {
      this.last.set(peer, Math.max(count, this.last.get(peer) ?? 0));
    }
  }
}

/** Waits until nothing has moved on a port for so many milliseconds. */
export async function silent(port: number, forMs: number): Promise<void> {
  let [bytes, since] = [-1, performance.now()];
  await until(`nothing moves on the node's sockets for ${forMs} ms`, async () => {
    const counts = [...(await sockets(port)).values()];
    const now = counts.reduce((sum, count) => sum + count, 0);
    if (now !== bytes) [bytes, since] = [now, performance.now()];
    return performance.now() - since >= forMs;
  });
}

/** Bytes sent and received so far on each connection to a local port, by the other end's address. */
export async function sockets(port: number): Promise<Map<string, number>> {
  const { stdout } = await execute("ss", [
    "-tniHO",
    "state",
    "established",
    `( sport = :${port} )`,
  ]);
  const found = new Map<string, number>();
  for (const line of stdout.split("\n")) {
    const peer = line.trim().split(/\s+/)[3];
    if (peer === undefined) continue;
    const count = (name: string) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0);
    found.set(peer, count("bytes_sent") + count("bytes_received"));
  }
  return found;
}
