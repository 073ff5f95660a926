/**
 * Somebody's browser, with a list of all that went wrong in it: a Chromium process of its own with a profile that
 * outlives it, or a place in the one that a file of tests has for its people.
 */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import {
  chromium,
  type Browser as Chromium,
  type BrowserContext,
  type Page,
} from "playwright-core";
import { settings } from "./settings";

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  // Painted by the processor anyway, but without a graphics card made of software in between.
  "--disable-gpu",
  // Several pages share one screenless machine: none of them is a background page.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** A file that stands in came from no address, so Chromium takes its page for one of the public network. */
const STANDING_IN =
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets";

/** Chromium's own messages in the console where a server does not answer. */
const UNREACHABLE =
  /net::ERR_(CONNECTION|EMPTY_RESPONSE|SOCKET|FAILED|INTERNET)|WebSocket connection to|fetching the script|Failed to fetch/;

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

export interface BrowserOptions {
  /** Files of this folder stand in for what the origin serves. */
  site?: string;
  /** The page's address, where it is not the node that serves it. */
  page?: string;
  /** Hosts beside the page's own that it may speak to. */
  hosts?: string[];
  /** A name that stands for this machine. */
  alias?: string;
  /** A place in the file's common process: what it stores is in memory and ends with it, and there is no worker. */
  common?: boolean;
  /** Starts Chromium in its place, with the same arguments. */
  program?: string;
  /** Flags of a process of its own. */
  flags?: readonly string[];
  /** Permissions of the page beside the clipboard. */
  permissions?: readonly string[];
  /** Run in the page before its own scripts. */
  scripts?: readonly (() => void)[];
  dark?: boolean;
  width?: number;
  height?: number;
}

let common: Promise<Chromium> | undefined;

function commonProcess(): Promise<Chromium> {
  return (common ??= twice(() =>
    chromium.launch({ executablePath: settings.chrome, args: [...flags(), STANDING_IN] }),
  ));
}

/** At the end of a file of tests. */
export async function closeCommonProcess(): Promise<void> {
  await (await common)?.close();
  common = undefined;
}

function flags(): string[] {
  return process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : [...FLAGS];
}

/** Chromium itself ends while it starts, in one of some thousand starts; why is not known. */
function twice<T>(launch: () => Promise<T>): Promise<T> {
  return launch().catch((error: unknown) => {
    console.warn("Chromium ended while it started:", error);
    return launch();
  });
}

export class Browser {
  problems: string[] = [];
  console: string[] = [];
  /** Every address that anything in the browser asked for, over HTTP and WebSockets. */
  readonly asked: string[] = [];
  private context: BrowserContext | undefined;
  private shown: Page | undefined;
  private unreachable = false;

  constructor(
    readonly profile: string,
    readonly origin: string,
    private readonly options: BrowserOptions = {},
  ) {}

  /** Starts the process; after `close` it is a new one with the same profile. */
  async start(): Promise<void> {
    const { site, alias, flags, common = false, scripts = [] } = this.options;
    // Names that stand for others and flags are of a whole process.
    const shared = common && alias === undefined && flags === undefined;
    const context = shared ? await this.place() : await this.process();
    this.context = context;
    this.watch(context);
    await context.addInitScript(recordPeers);
    await context.addInitScript(reportViolations);
    for (const script of scripts) await context.addInitScript(script);
    if (site !== undefined) await this.standIn(context, site);
    this.shown = context.pages()[0] ?? (await context.newPage());
    this.watchPage(this.shown);
  }

  /** Another tab of the same process, whose problems are of the same list. */
  async tab(): Promise<Browser> {
    if (!this.context) throw new Error("the browser is not running");
    const tab = new Browser(this.profile, this.origin, this.options);
    tab.problems = this.problems;
    tab.console = this.console;
    tab.context = this.context;
    tab.shown = await this.context.newPage();
    this.watchPage(tab.shown);
    return tab;
  }

  get page(): Page {
    if (!this.shown) throw new Error("the browser is not running");
    return this.shown;
  }

  get running(): boolean {
    return this.shown !== undefined && !this.shown.isClosed();
  }

  async close(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
    this.shown = undefined;
  }

  /** From here on the origin may be dead, which a browser reports as an error. */
  expectUnreachable(): void {
    this.unreachable = true;
  }

  private async place(): Promise<BrowserContext> {
    return (await commonProcess()).newContext({ ...this.looks, serviceWorkers: "block" });
  }

  private process(): Promise<BrowserContext> {
    const { site, alias, program = settings.chrome, flags: own = [] } = this.options;
    const args = [...flags(), ...own];
    if (site !== undefined) args.push(STANDING_IN);
    if (alias !== undefined) args.push(`--host-resolver-rules=MAP ${alias} 127.0.0.1`);
    return twice(() =>
      chromium.launchPersistentContext(this.profile, {
        executablePath: program,
        args,
        ...this.looks,
        // A worker would answer with the files it has instead of those of `site`.
        serviceWorkers: site === undefined ? "allow" : "block",
      }),
    );
  }

  private get looks() {
    const { dark = false, width = 1280, height = 800, permissions = [] } = this.options;
    return {
      viewport: { width, height },
      colorScheme: dark ? ("dark" as const) : ("light" as const),
      permissions: ["clipboard-read", "clipboard-write", ...permissions],
    };
  }

  private watch(context: BrowserContext): void {
    context.on("request", (request) => {
      if (/^https?:/.test(request.url())) this.allowOnlyKnown(request.url());
    });
    context.on("weberror", (error) => this.problems.push(`uncaught: ${error.error().message}`));
  }

  private watchPage(page: Page): void {
    page.on("websocket", (socket) => this.allowOnlyKnown(socket.url()));
    page.on("crash", () => this.problems.push("the page crashed"));
    page.on("console", (message) => {
      const text = message.text();
      this.console.push(`${message.type()}: ${text}`);
      // Violations of the content security policy arrive here as errors too.
      if (message.type() !== "error") return;
      if (this.unreachable && UNREACHABLE.test(text)) return;
      this.problems.push(`console: ${text}`);
    });
  }

  private allowOnlyKnown(address: string): void {
    this.asked.push(address);
    const host = URL.canParse(address) ? new URL(address).host : address;
    const known = [new URL(this.origin).host, ...(this.options.hosts ?? [])];
    if (!known.includes(host)) this.problems.push(`asked a third party: ${host}`);
  }

  private async standIn(context: BrowserContext, site: string): Promise<void> {
    await context.route(`${this.origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const name = pathname === "/" ? "index.html" : pathname.slice(1);
      try {
        const body = await readFile(join(site, name));
        await route.fulfill({
          body,
          contentType: TYPES[extname(name)] ?? "application/octet-stream",
        });
      } catch {
        // Not a file of the site: the node's own answer.
        await route.continue();
      }
    });
  }
}

/** Runs in the page before its own scripts. */
function recordPeers(): void {
  const peers: RTCPeerConnection[] = [];
  const Native = globalThis.RTCPeerConnection;
  globalThis.coveyPeers = peers;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
}

/** Runs in the page before its own scripts: what the policy refuses is an error of the page. */
function reportViolations(): void {
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
    console.error(`refused by the policy: ${effectiveDirective} ${blockedURI} ${sample}`);
  });
}
