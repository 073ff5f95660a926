/** The tiles of a call: a tile for each person and one for each shared screen, and which of them stand large. */
import type { Attendee } from "../../../engine";

export type Arrangement = "grid" | "speaker";

export interface Tile {
  /** The same for as long as the tile is there. */
  readonly id: string;
  readonly source: "camera" | "screen";
  readonly attendee: Attendee;
}

export interface Placement {
  /** Those that stand large; nobody does in a plain grid. */
  readonly stage: readonly Tile[];
  readonly others: readonly Tile[];
}

/** Screens first, then the others in the order in which they came, and this page last. */
export function tilesOf(attendees: readonly Attendee[]): Tile[] {
  const others = attendees.filter(({ self }) => !self);
  const own = attendees.filter(({ self }) => self);
  const ordered = [...others, ...own];
  return [
    ...ordered.filter(({ screen }) => screen).map((attendee) => tile(attendee, "screen")),
    ...ordered.map((attendee) => tile(attendee, "camera")),
  ];
}

function tile(attendee: Attendee, source: Tile["source"]): Tile {
  return { id: `${attendee.client}-${source}`, source, attendee };
}

/** A pinned tile stands alone on the stage. Else others' screens do, then whoever speaks where that is wanted. */
export function placed(
  tiles: readonly Tile[],
  pinned: string | undefined,
  arrangement: Arrangement,
  speaker: number | undefined,
): Placement {
  const on = (stage: readonly Tile[]): Placement => ({
    stage,
    others: tiles.filter((each) => !stage.includes(each)),
  });
  const pin = tiles.find(({ id }) => id === pinned);
  if (pin) return on([pin]);
  const screens = tiles.filter(({ source, attendee }) => source === "screen" && !attendee.self);
  if (screens.length > 0) return on(screens);
  if (arrangement === "grid" || tiles.length < 2) return on([]);
  const people = tiles.filter(({ source }) => source === "camera");
  const first = people.find(({ attendee }) => attendee.client === speaker) ?? people[0];
  return on(first ? [first] : []);
}
