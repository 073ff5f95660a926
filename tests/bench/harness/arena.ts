/** One Chromium process with pages of contenders, each with a profile of its own. */
import { chromium, type Browser, type CDPSession, type Page } from "playwright-core";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { settings } from "../../e2e/harness/settings";
import { settings as bench } from "./settings";

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export class Arena {
  private constructor(
    private readonly browser: Browser,
    private readonly session: CDPSession,
    private readonly server: Server,
  ) {}

  /** `flags` are of this process alone. */
  static async open(flags: readonly string[] = []): Promise<Arena> {
    const args = [...FLAGS, ...flags, ...bench.flags];
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    const browser = await chromium.launch({ executablePath: settings.chrome, args });
    const server = createServer((_, response) => {
      response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>bench");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Arena(browser, await browser.newBrowserCDPSession(), server);
  }

  /** The address of a page with nothing on it. */
  get blank(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  get version(): string {
    return this.browser.version();
  }

  /** A page with an empty profile. */
  async page(address = this.blank): Promise<Page> {
    // A worker that keeps files for later would work while others are measured.
    const context = await this.browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  /** Milliseconds of processor time of all the browser's processes so far. */
  async cpu(): Promise<number> {
    const { processInfo } = await this.session.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Milliseconds of processor time of a page's process so far. */
export class Processor {
  private constructor(private readonly session: CDPSession) {}

  static async of(page: Page): Promise<Processor> {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    return new Processor(session);
  }

  async spent(): Promise<number> {
    const { metrics } = await this.session.send("Performance.getMetrics");
    const seconds = metrics.find(({ name }) => name === "ProcessTime")?.value ?? NaN;
    return seconds * 1000;
  }
}
