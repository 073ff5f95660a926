/** The sizes of tiles in a place. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Box {
  readonly x: number;
  readonly y: number;
}

export interface Grid {
  readonly columns: number;
  readonly tile: Box;
}

/** Narrower ones show nobody: more of them scroll. In a strip they are no more than reminders. */
const NARROWEST = 120;
const NARROWEST_IN_STRIP = 72;
/** From the shape of a camera's picture to a square. */
const FLATTEST = 9 / 16;
const TALLEST = 1;
/** The height of a stage in its width, in a tall place. */
const STAGE = 0.68;

export const GAP = 6;

/** The columns that give the largest tiles, each between 16:9 and a square. */
export function gridOf(count: number, place: Box, narrowest = NARROWEST): Grid {
  let best: Grid | undefined;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const tile = fitted({
      width: (place.width - GAP * (columns - 1)) / columns,
      height: (place.height - GAP * (rows - 1)) / rows,
    });
    if (!best || areaOf(tile) > areaOf(best.tile)) best = { columns, tile };
  }
  if (best && best.tile.width >= Math.min(narrowest, place.width)) return floored(best);
  const columns = Math.max(1, Math.floor((place.width + GAP) / (narrowest + GAP)));
  const width = Math.max(0, (place.width - GAP * (columns - 1)) / columns);
  return floored({ columns, tile: { width, height: width * FLATTEST } });
}

function fitted({ width, height }: Box): Box {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  if (height < width * FLATTEST) return { width: height / FLATTEST, height };
  return { width, height: Math.min(height, width * TALLEST) };
}

const areaOf = ({ width, height }: Box): number => width * height;

/** Whole pixels, so that a row does not break for a fraction of one. */
function floored({ columns, tile }: Grid): Grid {
  return { columns, tile: { width: Math.floor(tile.width), height: Math.floor(tile.height) } };
}

/** Where each tile of a grid stands: rows in the middle of the place, or from its top where they scroll. */
export function rectsOf(count: number, place: Rect, { columns, tile } = gridOf(count, place)): Rect[] {
  const rows = Math.ceil(count / columns);
  const spare = (size: number, of: number, tiles: number) => (size - tiles * of - (tiles - 1) * GAP) / 2;
  const top = Math.max(0, spare(place.height, tile.height, rows));
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = spare(place.width, tile.width, inRow);
    return {
      x: Math.floor(place.x + left + (at % columns) * (tile.width + GAP)),
      y: Math.floor(place.y + top + row * (tile.height + GAP)),
      ...tile,
    };
  });
}

export interface Split {
  /** Where the small tiles stand. */
  readonly strip: "beside" | "below";
  readonly stage: Rect;
  readonly rest: Rect;
}

/** The place of the stage, and that of the small tiles. */
export function splitOf({ width, height }: Box): Split {
  if (width > height * 1.3) {
    const size = clamp(width * 0.2, 110, 220);
    return {
      strip: "beside",
      stage: { x: 0, y: 0, width: width - size - GAP, height },
      rest: { x: width - size, y: 0, width: size, height },
    };
  }
  // In a tall place the stage is no taller than a picture: the others have the rest.
  const least = clamp(height * 0.2, 72, 130);
  const stage = Math.max(0, Math.min(height - least - GAP, Math.round(width * STAGE)));
  return {
    strip: "below",
    stage: { x: 0, y: 0, width, height: stage },
    rest: { x: 0, y: stage + GAP, width, height: height - stage - GAP },
  };
}

const clamp = (value: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)));

/** Where all tiles stand: those on the stage, and the others. */
export function arranged(stage: number, others: number, box: Box): { stage: Rect[]; others: Rect[] } {
  const whole = { x: 0, y: 0, ...box };
  if (stage === 0) return { stage: [], others: rectsOf(others, whole) };
  const { stage: large, rest } = others === 0 ? { stage: whole, rest: whole } : splitOf(box);
  return {
    // One tile has all of the stage.
    stage: stage === 1 ? [large] : rectsOf(stage, large),
    others: rectsOf(others, rest, gridOf(others, rest, NARROWEST_IN_STRIP)),
  };
}
