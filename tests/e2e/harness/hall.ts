/** Many people in one Chromium process, each with a profile of their own, and what they measure of each other. */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type CDPSession,
  type Page,
} from "playwright-core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PATIENCE, until } from "./condition";
import { settings } from "./settings";

/** How long each edit took to each of the others, in milliseconds. */
export interface Latencies {
  count: number;
  p50: number;
  p99: number;
  missing: number;
}

export class Hall {
  readonly guests: Guest[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  static async open(origin: string): Promise<Hall> {
    const args = [
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
      "--js-flags=--expose-gc",
    ];
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    return new Hall(await chromium.launch({ executablePath: settings.chrome, args }), origin);
  }

  /** Somebody with an empty profile; files of `site` stand in for those of the origin. */
  async guest(name: string, site?: string): Promise<Guest> {
    const context = await this.browser.newContext({ serviceWorkers: "block" });
    await context.addInitScript(watch);
    if (site !== undefined) await standIn(context, this.origin, site);
    const guest = new Guest(name, context, await context.newPage(), this.origin);
    this.guests.push(guest);
    return guest;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

export class Guest {
  private session: CDPSession | undefined;

  constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly origin: string,
  ) {}

  /** Founds a room; returns a link into it. */
  async found(): Promise<string> {
    await this.page.goto(this.origin);
    await this.page.getByLabel("Your name").fill(this.name);
    await this.page.getByRole("button", { name: "Create room" }).click();
    await this.inRoom();
    return this.page.evaluate(() => globalThis.coveyRoom?.invite({ role: "participant" }) ?? "");
  }

  async join(link: string): Promise<void> {
    await this.page.goto(link);
    const join = this.page.getByRole("button", { name: "Join room" });
    await join.waitFor({ timeout: PATIENCE });
    await this.page.getByLabel("Your name").fill(this.name);
    await join.click();
    await this.inRoom();
  }

  private async inRoom(): Promise<void> {
    await until(`${this.name} is in the room`, () =>
      this.page.evaluate(() => globalThis.coveyRoom?.status.loaded ?? false),
    );
  }

  /** Waits until so many others are connected directly. */
  async hasPeers(count: number): Promise<void> {
    await until(`${this.name} is connected to ${count}`, () =>
      this.page.evaluate((count) => {
        const people = globalThis.coveyRoom?.people ?? [];
        return people.filter((each) => !each.self && each.path === "direct").length >= count;
      }, count),
    );
  }

  refused(): Promise<Record<string, number>> {
    return this.page.evaluate(async () => (await globalThis.coveyRoom?.stats())?.refused ?? {});
  }

  /** Collects when which mark came; called once. */
  async listen(): Promise<void> {
    await this.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("code");
      const text = view?.doc.getText("file/marks");
      globalThis.coveyMarks = { sent: {}, came: {} };
      text?.observe((event) => {
        const now = performance.timeOrigin + performance.now();
        for (const { insert } of event.delta)
          for (const mark of typeof insert === "string" ? insert.split(";") : [])
            if (mark !== "") globalThis.coveyMarks.came[mark] ??= now;
      });
    });
  }

  /** Writes marks for so long, one every `every` milliseconds. */
  async write(forMs: number, every: number): Promise<void> {
    await this.page.evaluate(
      async ([name, forMs, every]) => {
        const view = await globalThis.coveyRoom?.doc("code");
        const text = view?.doc.getText("file/marks");
        const end = performance.now() + forMs;
        for (let n = 0; performance.now() < end; n += 1) {
          const mark = `${name}-${Math.round(performance.now())}-${n}`;
          globalThis.coveyMarks.sent[mark] = performance.timeOrigin + performance.now();
          text?.insert(text.length, `${mark};`);
          await new Promise((resolve) => setTimeout(resolve, every));
        }
      },
      [this.name, forMs, every] as const,
    );
  }

  /** How many marks it sent, and how many came, its own among them. */
  counts(): Promise<{ sent: number; came: number }> {
    return this.page.evaluate(() => {
      const { sent, came } = globalThis.coveyMarks;
      return { sent: Object.keys(sent).length, came: Object.keys(came).length };
    });
  }

  /** The marks of messages sent and received since the last call. */
  marks(): Promise<{ sent: Record<string, number>; came: Record<string, number> }> {
    return this.page.evaluate(() => {
      const marks = globalThis.coveyMarks;
      globalThis.coveyMarks = { sent: {}, came: {} };
      return marks;
    });
  }

  /** When somebody was left, in milliseconds from now; none if they stay so long. */
  left(name: string, within: number): Promise<number | undefined> {
    return this.page.evaluate(
      async ([name, within]) => {
        const start = performance.now();
        while (performance.now() < start + within) {
          const person = globalThis.coveyRoom?.people.find((each) => each.name === name);
          if (person?.path === "offline") return performance.now() - start;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return undefined;
      },
      [name, within] as const,
    );
  }

  /** Bytes of the page's heap, swept, and of its WebAssembly memory. */
  async memory(): Promise<{ heap: number; wasm: number }> {
    this.session ??= await this.context.newCDPSession(this.page);
    await this.session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.session.send("Runtime.getHeapUsage");
    const wasm = await this.page.evaluate(() => globalThis.coveyMemory?.buffer.byteLength ?? 0);
    return { heap: usedSize, wasm };
  }
}

/** Waits until everyone has all marks of all; what isn't there in time is missing in what they measured. */
export async function arrived(guests: Guest[], within: number): Promise<void> {
  const all = async () => {
    const counts = await Promise.all(guests.map((guest) => guest.counts()));
    const sent = counts.reduce((sum, each) => sum + each.sent, 0);
    return counts.every(({ came }) => came >= sent);
  };
  await until("all marks came", all, within).catch(() => undefined);
}

/** How long the marks of each took to each of the others. */
export async function latencies(guests: Guest[]): Promise<Latencies> {
  const all = await Promise.all(guests.map((guest) => guest.marks()));
  const took: number[] = [];
  let missing = 0;
  for (const from of all)
    for (const to of all.filter((to) => to !== from))
      for (const [mark, sent] of Object.entries(from.sent)) {
        const came = to.came[mark];
        if (came === undefined) missing += 1;
        else took.push(came - sent);
      }
  took.sort((a, b) => a - b);
  const at = (part: number) =>
    took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? NaN;
  return { count: took.length, p50: at(0.5), p99: at(0.99), missing };
}

async function standIn(context: BrowserContext, origin: string, site: string): Promise<void> {
  const types: Record<string, string> = {
    js: "text/javascript",
    css: "text/css",
    html: "text/html",
  };
  types.wasm = "application/wasm";
  await context.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    try {
      const body = await readFile(join(site, name));
      const contentType = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      await route.fulfill({ body, contentType });
    } catch {
      // Not a file of the site: the node's own answer.
      await route.continue();
    }
  });
}

/** Runs in the page before its own scripts: keeps hold of the module's memory and of the channels. */
function watch(): void {
  const instantiate = WebAssembly.instantiateStreaming.bind(WebAssembly);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const result = await instantiate(source, imports);
    globalThis.coveyMemory = result.instance.exports.memory as WebAssembly.Memory;
    return result;
  };
  const channels: RTCDataChannel[] = [];
  globalThis.coveyChannels = channels;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (...parameters) {
    const channel = createDataChannel.apply(this, parameters);
    channels.push(channel);
    return channel;
  };
}
