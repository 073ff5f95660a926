/** The layout of a recording: shared screens large, the people beside them. */
import type { Attendee } from "../../../engine";
import { arranged, type Box, type Rect } from "../tiles/grid";
import { tilesOf, type Tile } from "../tiles/tiles";

export interface Place {
  readonly tile: Tile;
  readonly rect: Rect;
}

/** The tiles of a recording: all, or the one with this id as long as it is there. */
export function recorded(attendees: readonly Attendee[], only: string | undefined): Tile[] {
  const tiles = tilesOf(attendees);
  return only === undefined ? tiles : tiles.filter(({ id }) => id === only);
}

/** Own screens are large, too: whoever watches later has not seen them. */
export function sceneOf(tiles: readonly Tile[], { width, height }: Box, edge: number): Place[] {
  const stage = tiles.filter(({ source }) => source === "screen");
  const others = tiles.filter(({ source }) => source === "camera");
  const at = arranged(stage.length, others.length, { width: width - 2 * edge, height: height - 2 * edge });
  return [...zipped(stage, at.stage), ...zipped(others, at.others)].map(({ tile, rect }) => ({
    tile,
    rect: { ...rect, x: rect.x + edge, y: rect.y + edge },
  }));
}

function zipped(tiles: readonly Tile[], rects: readonly Rect[]): Place[] {
  return tiles.flatMap((tile, at) => {
    const rect = rects[at];
    return rect ? [{ tile, rect }] : [];
  });
}

/** The part of a picture that fills a place, or the part of a place that holds the whole picture. */
export function fitted(picture: Box, place: Rect, whole: boolean): { from: Rect; to: Rect } {
  const across = place.width / picture.width;
  const down = place.height / picture.height;
  const scale = whole ? Math.min(across, down) : Math.max(across, down);
  const from = {
    width: Math.min(picture.width, place.width / scale),
    height: Math.min(picture.height, place.height / scale),
  };
  const to = { width: from.width * scale, height: from.height * scale };
  return { from: centred(from, { x: 0, y: 0, ...picture }), to: centred(to, place) };
}

function centred({ width, height }: Box, within: Rect): Rect {
  return {
    x: within.x + (within.width - width) / 2,
    y: within.y + (within.height - height) / 2,
    width,
    height,
  };
}
