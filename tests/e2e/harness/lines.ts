/**
 * Lines that can be narrowed, cut and moved: each browser is in a network namespace of its own with one interface. A bridge
 * in another namespace, where the node runs too, joins them.
 *
 * ```text
 *   Alice's browser ── eth0 ═══ Alice ─┐
 *                                      ├─ bridge, node
 *   Bob's browser ──── eth0 ═══ Bob ───┘
 * ```
 * Nothing of it is seen outside. The addresses are the same in every run; the names of the namespaces carry the id of the
 * process.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { CallPanel, connected } from "./call-panel";
import { devices, LOOKS, type Name } from "./camera";
import { settings } from "./settings";
import { run, type Stage } from "./stage";

const NETWORK = "10.77.0";
const NODE = `${NETWORK}.1:8080`;
/** Chromium's own messages where its only interface or address is gone. */
const OFFLINE =
  /net::ERR_(NETWORK_CHANGED|NETWORK_IO_SUSPENDED|ADDRESS_UNREACHABLE|TIMED_OUT|INTERNET_DISCONNECTED|CONNECTION)|WebSocket connection to/;

/** Somebody's line. */
export class Line {
  private host: number;

  constructor(
    readonly namespace: string,
    private readonly middle: string,
    private readonly port: string,
    host: number,
  ) {
    this.host = host;
    ip("netns", "add", namespace);
    this.inMiddle("link", "add", port, "type", "veth", "peer", "eth0", "netns", namespace);
    this.inMiddle("link", "set", port, "master", "bridge", "up");
    this.here("link", "set", "lo", "up");
    this.here("link", "set", "eth0", "up");
    this.here("address", "add", this.address, "dev", "eth0");
  }

  /** The browser sends so many bits a second at most, from a queue of 200 ms. */
  narrow(bits: number): void {
    const filter = ["root", "tbf", "rate", `${bits}bit`, "burst", "4kb", "latency", "200ms"];
    execFileSync("tc", ["-n", this.namespace, "qdisc", "replace", "dev", "eth0", ...filter]);
  }

  /** The link has no carrier. */
  cut(): void {
    this.inMiddle("link", "set", this.port, "down");
  }

  mend(): void {
    this.inMiddle("link", "set", this.port, "up");
  }

  /** It has another address, and the one before is gone. */
  move(): void {
    this.here("address", "delete", this.address, "dev", "eth0");
    this.host += 100;
    this.here("address", "add", this.address, "dev", "eth0");
  }

  private get address(): string {
    return `${NETWORK}.${this.host}/24`;
  }

  private here(...what: string[]): void {
    ip("-n", this.namespace, ...what);
  }

  private inMiddle(...what: string[]): void {
    ip("-n", this.middle, ...what);
  }
}

/** The lines of one test. */
export class Lines {
  private readonly lines = new Map<Name, Line>();

  private constructor(readonly middle: string) {
    ip("netns", "add", middle);
    ip("-n", middle, "link", "set", "lo", "up");
    ip("-n", middle, "link", "add", "bridge", "type", "bridge");
    ip("-n", middle, "address", "add", `${NETWORK}.1/24`, "dev", "bridge");
    ip("-n", middle, "link", "set", "bridge", "up");
  }

  static open(): Lines {
    clear();
    return new Lines(named("middle"));
  }

  of(name: Name): Line {
    const known = this.lines.get(name);
    if (known) return known;
    const line = new Line(named(name), this.middle, name, 2 + this.lines.size);
    this.lines.set(name, line);
    return line;
  }

  /** Somebody at the end of a line of theirs, whose browser is not started yet. */
  async person(stage: Stage, name: Name): Promise<CallPanel> {
    const folder = stage.path(`line of ${name}`);
    const program = `${folder}/chromium`;
    await mkdir(folder);
    const { namespace } = this.of(name);
    const start = `exec ip netns exec ${namespace} '${settings.chrome}' "$@"`;
    await writeFile(program, `#!/bin/sh\n${start}\n`);
    await chmod(program, 0o755);
    const flags = [
      ...(await devices(stage.path(`devices of ${name}`), LOOKS[name])),
      // Cameras are for pages of this machine and of TLS.
      `--unsafely-treat-insecure-origin-as-secure=${stage.node.origin}`,
    ];
    return CallPanel.of(stage, name, { program, flags });
  }

  /** Alice and Bob at two lines, in a call, each of whom sees and hears the other. */
  async pair(stage: Stage): Promise<[CallPanel, CallPanel]> {
    const alice = await this.person(stage, "Alice");
    const bob = await this.person(stage, "Bob");
    await alice.person.arrive();
    await alice.person.createRoom("A call");
    await bob.person.join(await alice.person.invite());
    await connected(alice, bob);
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
    return [alice, bob];
  }
}

/** A test whose people are at lines of their own. */
export function playOnLines(act: (stage: Stage, lines: Lines) => Promise<void>) {
  return async (): Promise<void> => {
    try {
      const lines = Lines.open();
      const within = ["ip", "netns", "exec", lines.middle];
      const scene = (stage: Stage) => {
        stage.forgive(OFFLINE);
        return act(stage, lines);
      };
      await run(scene, false, { address: NODE, within });
    } finally {
      clear();
    }
  };
}

/** Why there can be no lines on this machine, if there can't. */
export function noLines(): string | undefined {
  if (process.getuid?.() !== 0) return "only root makes network namespaces";
  try {
    try {
      const lines = Lines.open();
      lines.of("Alice").narrow(1_000_000);
    } finally {
      clear();
    }
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function named(name: string): string {
  return `covey-${process.pid}-${name}`;
}

/** Removes the namespaces of this process, and of those that ended before they could. */
function clear(): void {
  for (const line of ip("netns", "list").split("\n")) {
    const [name = ""] = line.split(" ");
    const owner = /^covey-(\d+)-/.exec(name)?.[1];
    if (owner === undefined) continue;
    if (owner === String(process.pid) || !existsSync(`/proc/${owner}`)) ip("netns", "delete", name);
  }
}

function ip(...what: string[]): string {
  return execFileSync("ip", what, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
