/** Pages with a peer and nothing else: js-libp2p's, or our own transport, at one node. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { build } from "vite";
import type { Exchange } from "../../interop/acts";
import type {} from "../../interop/wire";
import { becomes, until } from "./condition";
import { PlainHost } from "./host";
import { CoveyNode } from "./node";
import { settings } from "./settings";

const SOURCES = fileURLToPath(new URL("../../interop/", import.meta.url));

const PAGES = ["js", "covey", "mesh", "disk"] as const;

/** A node, a host of the pages, and one browser. */
export class Laboratory {
  private constructor(
    private readonly folder: string,
    private readonly host: PlainHost,
    private readonly browser: Browser,
    readonly node: CoveyNode,
  ) {}

  static async open(): Promise<Laboratory> {
    const folder = await mkdtemp(join(tmpdir(), "covey-echo-"));
    const site = join(folder, "site");
    await bundle(site);
    const host = await PlainHost.open("/", {}, site);
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({ executablePath: settings.chrome, args });
    return new Laboratory(folder, host, browser, await CoveyNode.start(folder));
  }

  /** A peer that is reached by way of the node. */
  async peer(kind: "js" | "covey"): Promise<EchoPage> {
    const page = await this.open(`${kind}.html`);
    await until(`the ${kind} peer is there`, () => page.evaluate(() => "echoPeer" in globalThis));
    const address = await page.evaluate((node) => globalThis.echoPeer.reserve(node), this.address);
    return new EchoPage(page, await page.evaluate(() => globalThis.echoPeer.id), address);
  }

  /** The network of a room, reached by way of the node. */
  async mesh(): Promise<MeshPage> {
    const page = await this.open(`mesh.html#${this.address}`);
    await until("the mesh has a place at the node", () =>
      page.evaluate(() => "meshPeer" in globalThis && globalThis.meshPeer.reserved()),
    );
    return new MeshPage(page, await page.evaluate(() => globalThis.meshPeer.id()));
  }

  /** The outcomes of the scenarios of a disk, on this browser's. */
  async disk(): Promise<Record<string, string>> {
    const page = await this.open("disk.html");
    await until("the disk is there", () => page.evaluate(() => "diskScenarios" in globalThis));
    return page.evaluate(() => globalThis.diskScenarios());
  }

  private get address(): string {
    return `/ip4/127.0.0.1/tcp/${this.node.port}/ws`;
  }

  private async open(path: string): Promise<Page> {
    const context = await this.browser.newContext();
    await context.addInitScript(watch);
    const page = await context.newPage();
    await page.goto(this.host.page + path);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.host.close();
    await this.node.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page that leaves nothing open. */
class Watched {
  constructor(
    readonly page: Page,
    readonly id: string,
  ) {}

  /** Waits until no connection is left. */
  async leavesNoPeers(): Promise<void> {
    const look = () => this.page.evaluate(() => globalThis.echoActs.openPeers());
    await becomes("connections that are open", look, 0);
  }

  /** Waits until every channel that there is by now is closed. Pings open others meanwhile. */
  async leavesNoChannels(): Promise<void> {
    const count = await this.page.evaluate(() => globalThis.echoWatched.channels.length);
    const look = () =>
      this.page.evaluate((count) => globalThis.echoActs.openChannels(count), count);
    await becomes(`channels of ${count} that are open`, look, 0);
  }
}

/** A page with a peer. */
export class EchoPage extends Watched {
  constructor(
    page: Page,
    id: string,
    readonly address: string,
  ) {
    super(page, id);
  }

  dial(other: EchoPage): Promise<void> {
    return this.page.evaluate((address) => globalThis.echoPeer.dial(address), other.address);
  }

  paths(other: EchoPage): Promise<string[]> {
    return this.page.evaluate((id) => globalThis.echoPeer.paths(id), other.id);
  }

  /** How many direct connections to the other stand. */
  async direct(other: EchoPage): Promise<number> {
    return (await this.paths(other)).filter((path) => path === "direct").length;
  }

  /** So many streams to the other at once, each with so many bytes. */
  exchanges(other: EchoPage, count: number, length: number): Promise<Exchange[]> {
    return this.page.evaluate(
      ([id, count, length]) => globalThis.echoActs.exchanges(id, count, length),
      [other.id, count, length] as const,
    );
  }

  giveUp(other: EchoPage): Promise<void> {
    return this.page.evaluate((id) => globalThis.echoActs.giveUp(id), other.id);
  }

  hangup(other: EchoPage): Promise<void> {
    return this.page.evaluate((id) => globalThis.echoPeer.hangup(id), other.id);
  }

  served(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.echoPeer.served());
  }

  beats(other: EchoPage): Promise<number> {
    return this.page.evaluate((id) => globalThis.echoBeats(id), other.id);
  }

  /** Dials at a moment; says what went wrong. */
  dialAt(moment: number, other: EchoPage): Promise<string> {
    return this.page.evaluate(
      ([moment, address]) =>
        globalThis.echoActs.dialAt(moment, () => globalThis.echoPeer.dial(address)),
      [moment, other.address] as const,
    );
  }
}

/** A page with the network of a room. */
export class MeshPage extends Watched {
  /** Wants to reach the other from a moment on; says what went wrong. */
  dialAt(moment: number, other: MeshPage): Promise<string> {
    return this.page.evaluate(
      ([moment, id]) => globalThis.echoActs.dialAt(moment, () => globalThis.meshPeer.dial(id)),
      [moment, other.id] as const,
    );
  }

  hangup(other: MeshPage): Promise<void> {
    return this.page.evaluate((id) => globalThis.meshPeer.hangup(id), other.id);
  }

  send(other: MeshPage): Promise<void> {
    return this.page.evaluate((id) => globalThis.meshPeer.send(id), other.id);
  }

  frames(): Promise<number> {
    return this.page.evaluate(() => globalThis.meshPeer.frames());
  }

  /** How the other is reached, and over how many connections. */
  reach(other: MeshPage): Promise<{ path: string | undefined; connections: number }> {
    return this.page.evaluate(
      (id) => ({
        path: globalThis.meshPeer.path(id),
        connections: globalThis.meshPeer.connections(id),
      }),
      other.id,
    );
  }
}

/** Builds the pages into a folder. */
async function bundle(site: string): Promise<void> {
  await build({
    root: SOURCES,
    configFile: false,
    logLevel: "warn",
    resolve: { alias: { "covey-echo": join(settings.echo, "covey_wasm.js") } },
    build: {
      outDir: site,
      emptyOutDir: false,
      target: "es2022",
      minify: false,
      rolldownOptions: { input: PAGES.map((name) => join(SOURCES, `${name}.html`)) },
    },
  });
}

/** Runs in the page before its own scripts: keeps hold of every connection and channel. */
function watch(): void {
  const peers: RTCPeerConnection[] = [];
  const channels: RTCDataChannel[] = [];
  globalThis.echoWatched = { peers, channels };
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
      this.addEventListener("datachannel", ({ channel }) => channels.push(channel));
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      channels.push(channel);
      return channel;
    }
  };
}
