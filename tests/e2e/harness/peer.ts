/** The real covey-peer: started with a link, stopped as an administrator stops it, started again. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { until } from "./condition";
import { settings } from "./settings";

export class CoveyPeer {
  private child: ChildProcess | undefined;
  private output = "";

  constructor(
    private readonly name: string,
    private readonly folder: string,
    private readonly link: string,
  ) {}

  start(): void {
    this.output = "";
    const flags = ["--data", this.folder, "--name", this.name, this.link];
    const child = spawn(settings.peer, flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    const take = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => (this.output += error.message));
  }

  /** Waits until it has said this since it was started. */
  async says(words: string): Promise<void> {
    try {
      await until(`${this.name} says "${words}"`, () => this.output.includes(words));
    } catch (error) {
      throw new Error(`${String(error)}\nIt said:\n${this.output}`, { cause: error });
    }
  }

  /** SIGTERM; resolves with its exit code. */
  async stop(): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    return child.exitCode;
  }
}
