/** Two pages of one contender. */
import type { Page } from "playwright-core";
import { Processor } from "./arena";

export interface Side {
  page: Page;
  place: string;
  /** What it writes when it comes. */
  own: string;
  /** What it has written before, where it differs. */
  brings?: string;
}

/** How long after the word both start. */
const SOON = 150;

export class Pair {
  private readonly processors: Processor[] = [];

  constructor(
    readonly left: Side,
    readonly right: Side,
  ) {}

  get a(): Page {
    return this.left.page;
  }

  get b(): Page {
    return this.right.page;
  }

  /** Both start at one instant; how long until both saw what the other has, in milliseconds. */
  async meet(within = 30_000): Promise<number> {
    const at = Date.now() + SOON;
    const come = ({ page, place, own }: Side, { own: its, brings = its }: Side) =>
      page.evaluate((meeting) => globalThis.player.meet(meeting), {
        place,
        at,
        own,
        other: brings,
      });
    const both = Promise.all([come(this.left, this.right), come(this.right, this.left)]);
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`they did not meet within ${within} ms`)), within).unref();
    });
    const seen = await Promise.race([both, late]);
    return Math.max(...seen) - at;
  }

  /** Milliseconds of processor time of both pages so far. */
  async cpu(): Promise<number> {
    if (this.processors.length === 0)
      this.processors.push(await Processor.of(this.a), await Processor.of(this.b));
    const spent = await Promise.all(this.processors.map((each) => each.spent()));
    return spent.reduce((sum, each) => sum + each, 0);
  }

  async close(): Promise<void> {
    await Promise.all([this.a.context().close(), this.b.context().close()]);
  }
}
