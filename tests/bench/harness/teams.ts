/** Who is measured: each makes pairs of pages that are ready to meet. */
import type { Page } from "playwright-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoveyNode } from "../../e2e/harness/node";
import { Arena } from "./arena";
import { Pair } from "./pair";
import { script } from "./scripts";
import { Signalling, YWebrtcServer } from "./signalling";

export interface Team {
  readonly name: TeamName;
  /** Two pages, loaded and ready, that have not reached any server yet. */
  pair(): Promise<Pair>;
}

export const TEAMS = ["floor", "yjs", "y-webrtc", "covey"] as const;
export type TeamName = (typeof TEAMS)[number];

const TRIES = 3;

/** Everybody who can be measured, and the servers they need. */
export class Teams {
  private rooms = 0;

  private constructor(
    readonly arena: Arena,
    readonly node: CoveyNode,
    readonly signalling: Signalling,
    private readonly ywebrtc: YWebrtcServer,
    private readonly folder: string,
  ) {}

  /** `flags` are the browser's. */
  static async open(flags: readonly string[] = []): Promise<Teams> {
    const folder = await mkdtemp(join(tmpdir(), "covey-bench-"));
    return new Teams(
      await Arena.open(flags),
      await CoveyNode.start(folder),
      await Signalling.open(),
      await YWebrtcServer.open(),
      folder,
    );
  }

  team(name: TeamName): Team {
    switch (name) {
      case "floor":
      case "yjs":
        return { name, pair: () => this.plain(name, `${this.signalling.address}/${this.next()}`) };
      case "y-webrtc":
        return {
          name,
          pair: () => this.plain("ywebrtc", `${this.ywebrtc.address}#${this.next()}`),
        };
      case "covey":
        return { name, pair: () => this.covey() };
    }
  }

  /** A pair that has met. Rivals fail to now and then, which is counted elsewhere. */
  async met(name: TeamName): Promise<Pair> {
    for (let tries = 1; ; tries += 1) {
      const pair = await this.team(name).pair();
      try {
        await pair.meet();
        return pair;
      } catch (error) {
        await pair.close();
        console.log(`${name}: ${String(error)}`);
        if (tries === TRIES) throw error;
      }
    }
  }

  /** A page of Covey with the engine ready, and the bench's own script in it. */
  async coveyPage(): Promise<Page> {
    return this.readyCovey(await this.arena.page(this.node.origin));
  }

  /** The same after a load. */
  async readyCovey(page: Page): Promise<Page> {
    await page.waitForFunction(() => globalThis.covey !== undefined);
    // What the page fetches ahead while nobody asks for anything.
    await page.waitForLoadState("networkidle");
    await page.evaluate(await script("covey"));
    return page;
  }

  async close(): Promise<void> {
    await this.arena.close();
    await this.ywebrtc.close();
    await this.signalling.close();
    await this.node.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private next(): string {
    this.rooms += 1;
    return `room-${this.rooms}`;
  }

  private async plain(name: string, place: string): Promise<Pair> {
    const code = await script(name);
    const make = async () => {
      const page = await this.arena.page();
      await page.evaluate(code);
      return page;
    };
    const [a, b] = [await make(), await make()];
    return new Pair({ page: a, place, own: "from a;" }, { page: b, place, own: "from b;" });
  }

  /** One has a room with a text in it, stored; the other a link into it and nothing else. */
  private async covey(): Promise<Pair> {
    const a = await this.coveyPage();
    const { id, link } = await a.evaluate(async () => {
      const room = await globalThis.covey?.create({ name: "Bench", title: "Bench" });
      if (!room) throw new Error("the page's engine is not there");
      const view = await room.doc("code");
      view.doc.getText("file/bench").insert(0, "from a;");
      const link = await room.invite({ role: "participant" });
      await room.leave();
      return { id: room.id, link };
    });
    await a.reload();
    await this.readyCovey(a);
    const b = await this.coveyPage();
    const [stored, joining] = [
      { page: a, place: id, own: "", brings: "from a;" },
      { page: b, place: link, own: "from b;" },
    ];
    return new Pair(stored, joining);
  }
}
