/** The sizes of tiles in a place. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  readonly tile: Box;
}

/** Narrower ones show nobody: more of them scroll. */
const NARROWEST = 120;
/** From the shape of a camera's picture to a square. */
const FLATTEST = 9 / 16;
const TALLEST = 1;
/** The height of a stage in its width, in a tall place. */
const STAGE = 0.68;

export const GAP = 6;

/** The columns that give the largest tiles, each between 16:9 and a square. */
export function gridOf(count: number, place: Box, gap = GAP): Grid {
  let best: Grid | undefined;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const tile = fitted({
      width: (place.width - gap * (columns - 1)) / columns,
      height: (place.height - gap * (rows - 1)) / rows,
    });
    if (!best || areaOf(tile) > areaOf(best.tile)) best = { columns, tile };
  }
  if (best && best.tile.width >= Math.min(NARROWEST, place.width)) return floored(best);
  const columns = Math.max(1, Math.floor((place.width + gap) / (NARROWEST + gap)));
  const width = Math.max(0, (place.width - gap * (columns - 1)) / columns);
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

export interface Split {
  /** Where the small tiles stand. */
  readonly strip: "beside" | "below";
  readonly stage: Box;
  readonly rest: Box;
}

/** The place of the stage, and that of the small tiles. */
export function splitOf({ width, height }: Box, gap = GAP): Split {
  if (width > height * 1.3) {
    const size = clamp(width * 0.2, 110, 220);
    return {
      strip: "beside",
      stage: { width: width - size - gap, height },
      rest: { width: size, height },
    };
  }
  // In a tall place the stage is no taller than a picture: the others have the rest.
  const least = clamp(height * 0.2, 72, 130);
  const stage = Math.max(0, Math.min(height - least - gap, Math.round(width * STAGE)));
  return {
    strip: "below",
    stage: { width, height: stage },
    rest: { width, height: height - stage - gap },
  };
}

const clamp = (value: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)));
