/**
 * Lines that can be narrowed, cut and moved: each browser is in a network namespace of its own, with one interface, and a
 * bridge in another namespace, where the node runs too, joins them.
 *
 * ```text
 *   Alice's browser ─ eth0 ═══ to-Alice ─┐
 *                                        bridge, node
 *   Bob's browser ─── eth0 ═══ to-Bob ───┘
 * ```
 * Nothing of it is seen outside: the addresses are the same in every run, and the names of the namespaces carry the id of
 * the process.
 */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CallPanel, connected } from "./call-panel";
import type { Name } from "./camera";
import { settings } from "./settings";
import { run, type Stage } from "./stage";

const NODE = "10.77.0.1:8080";
/** What a browser says where its only interface or address is gone. */
const OFFLINE = /net::ERR_(NETWORK_CHANGED|ADDRESS_UNREACHABLE|NETWORK_IO_SUSPENDED|TIMED_OUT)/;

/** Somebody's line. */
export class Line {
  /** Made while nothing carries this name, and gone with its namespace. */
  constructor(
    readonly namespace: string,
    private readonly bridges: string,
    private readonly port: string,
    private readonly network: string,
    private host: number,
  ) {
    ip("netns", "add", namespace);
    const within = ["-n", namespace];
    ip("-n", bridges, "link", "add", port, "type", "veth", "peer", "eth0", "netns", namespace);
    ip("-n", bridges, "link", "set", port, "master", "bridge", "up");
    ip(...within, "link", "set", "lo", "up");
    ip(...within, "link", "set", "eth0", "up");
    ip(...within, "address", "add", this.address, "dev", "eth0");
  }

  /** What leaves the browser is sent at so many bits a second, behind a queue of 200 ms. */
  narrow(bits: number): void {
    const filter = ["tbf", "rate", `${bits}bit`, "burst", "4kb", "latency", "200ms"];
    ip("netns", "exec", this.namespace, "tc", "qdisc", "replace", "dev", "eth0", "root", ...filter);
  }

  /** The link has no carrier. */
  cut(): void {
    ip("-n", this.bridges, "link", "set", this.port, "down");
  }

  mend(): void {
    ip("-n", this.bridges, "link", "set", this.port, "up");
  }

  /** It has another address, and the one before is gone. */
  move(): void {
    ip("-n", this.namespace, "address", "delete", this.address, "dev", "eth0");
    this.host += 100;
    ip("-n", this.namespace, "address", "add", this.address, "dev", "eth0");
  }

  private get address(): string {
    return `${this.network}.${this.host}/24`;
  }
}

/** The lines of one test. */
export class Lines {
  /** The namespace of the bridge and the node. */
  readonly middle = `covey-${process.pid}-middle`;
  private readonly lines = new Map<Name, Line>();

  private constructor() {
    ip("netns", "add", this.middle);
  }

  /** Made all the same, each name has a line. */
  static open(): Lines {
    const lines = new Lines();
    try {
      lines.bridge();
    } catch (error) {
      lines.close();
      throw error;
    }
    return lines;
  }

  of(name: Name): Line {
    const known = this.lines.get(name);
    if (known) return known;
    const namespace = `covey-${process.pid}-${name}`;
    const line = new Line(namespace, this.middle, `to-${name}`, "10.77.0", 2 + this.lines.size);
    this.lines.set(name, line);
    return line;
  }

  close(): void {
    for (const { namespace } of this.lines.values()) ip("netns", "delete", namespace);
    ip("netns", "delete", this.middle);
  }

  private bridge(): void {
    const within = ["-n", this.middle];
    ip(...within, "link", "add", "bridge", "type", "bridge");
    ip(...within, "address", "add", "10.77.0.1/24", "dev", "bridge");
    ip(...within, "link", "set", "bridge", "up");
    ip(...within, "link", "set", "lo", "up");
  }
}
