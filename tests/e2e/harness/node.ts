/** The real covey-node: started, killed, started again at the same place with the same key. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "./condition";
import { settings } from "./settings";

export interface NodeOptions {
  /** Where it listens; on a free port of this machine, where nothing is said. */
  address?: string;
  /** The program that starts it, with its arguments. */
  within?: readonly string[];
}

export class CoveyNode {
  private child: ChildProcess | undefined;
  private log = "";
  private address: string;

  private constructor(
    private readonly key: string,
    private readonly options: NodeOptions,
  ) {
    this.address = options.address ?? "127.0.0.1:0";
  }

  /** A node with a key of its own. */
  static async start(folder: string, options: NodeOptions = {}): Promise<CoveyNode> {
    const node = new CoveyNode(join(folder, "node.key"), options);
    await node.restart();
    return node;
  }

  get origin(): string {
    return `http://${this.address}`;
  }

  get port(): number {
    return Number(this.address.split(":").at(-1));
  }

  /** Its process, while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it where it was before. */
  async restart(): Promise<void> {
    const flags = ["--dev", "--listen", this.address, "--key", this.key, "--site", settings.site];
    const [within, ...before] = this.options.within ?? [];
    const [program, all] =
      within === undefined
        ? [settings.node, flags]
        : [within, [...before, settings.node, ...flags]];
    const child = spawn(program, all, {
      stdio: ["ignore", "pipe", "pipe"],
      // It tells of opened and closed circuits at this level.
      env: { ...process.env, RUST_LOG: "covey_rendezvous=debug", NO_COLOR: "1" },
    });
    this.child = child;
    this.log = "";
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
    const failure = once(child, "error").then(([error]: unknown[]) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    const line = until("the node says where it listens", () => {
      if (child.exitCode !== null) throw new Error(`the node ended: ${this.log}`);
      return /listening on http:\/\/(\S+)/.exec(output)?.[1];
    });
    this.address = await Promise.race([line, failure]);
  }

  /** SIGKILL: no goodbye to anybody. */
  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  /** Asks it to stop. */
  stop(): Promise<void> {
    return this.end("SIGTERM");
  }

  /** How many relayed connections it carries at the moment. */
  get circuits(): number {
    const count = (word: string) => this.log.split(word).length - 1;
    return count("circuit opened") - count("circuit closed");
  }

  /** How many relayed connections it has carried since it was started. */
  get circuitsEver(): number {
    return this.log.split("circuit opened").length - 1;
  }

  /** The end of its log, for failures. */
  get lastWords(): string {
    return this.log.slice(-4000);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}
