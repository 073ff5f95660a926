/** The call as somebody sees and hears it, in any browser. */
import type { Probe, Question } from "./call-probe";
import { LOOKS, type Color, type Name } from "./camera";
import { PATIENCE, becomes, until } from "./condition";

/** How far a picture's average may be from the colour that was filmed, of 441. */
const NEAR = 70;
/** From here on a tone counts as heard, in decibels of full scale: it is sent at -10. */
const HEARD = -45;

/** A page with the probe in it. */
export class CallView {
  constructor(
    readonly name: Name,
    private readonly put: (question: Question) => Promise<unknown>,
  ) {}

  /** Whose colour a tile shows, if it shows a picture. */
  async pictureIn(tile: string): Promise<Name | "somebody" | undefined> {
    const color = await this.ask("color", tile);
    if (!color) return undefined;
    const names = Object.keys(LOOKS) as Name[];
    return names.find((name) => distance(LOOKS[name].color, color) < NEAR) ?? "somebody";
  }

  /** Somebody's tile shows what their camera films, and goes on to. */
  async sees(other: Name, within = PATIENCE): Promise<void> {
    await becomes(
      `picture of ${other} at ${this.name}`,
      () => this.pictureIn(other),
      other,
      within,
    );
    await this.moves(other, 5, within);
  }

  async seesNoPictureOf(other: Name): Promise<void> {
    await becomes(`picture of ${other} at ${this.name}`, () => this.pictureIn(other), undefined);
  }

  /** So many more frames are shown in a tile. */
  async moves(tile: string, frames: number, within = PATIENCE): Promise<void> {
    let before = await this.ask("frames", tile);
    await until(
      `${frames} more frames of ${tile} at ${this.name}`,
      async () => {
        const now = await this.ask("frames", tile);
        // Another element counts anew.
        before = Math.min(before, now);
        return now >= before + frames;
      },
      within,
    );
  }

  async isHeard(other: Name): Promise<boolean> {
    return (await this.ask("loudness", LOOKS[other].tone)) > HEARD;
  }

  async hears(other: Name, within = PATIENCE): Promise<void> {
    const look = () => this.isHeard(other);
    await becomes(`${this.name} hears ${other}`, look, true, within);
  }

  async hearsNothingOf(other: Name): Promise<void> {
    await becomes(`${this.name} hears ${other}`, () => this.isHeard(other), false);
  }

  /** Sees and hears all of them. */
  async meets(others: readonly CallView[], within = PATIENCE): Promise<void> {
    const all = others.filter((other) => other !== this);
    await Promise.all(
      all.flatMap(({ name }) => [this.sees(name, within), this.hears(name, within)]),
    );
  }

  async ask<K extends keyof Probe>(
    what: K,
    ...values: Parameters<Probe[K]>
  ): Promise<Awaited<ReturnType<Probe[K]>>> {
    return (await this.put([what, values])) as Awaited<ReturnType<Probe[K]>>;
  }
}

function distance(one: Color, other: Color): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
