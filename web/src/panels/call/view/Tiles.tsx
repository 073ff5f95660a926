/** All tiles of the call: in a grid, or some on a stage with the others in a strip. */
import { useEffect, useRef, useState } from "react";
import { useCall } from "../context";
import { GAP, gridOf, splitOf, type Box } from "../tiles/grid";
import { placed, tilesOf, type Tile as TileOf } from "../tiles/tiles";
import { Tile } from "./Tile";

export function Tiles() {
  const attendees = useCall((state) => state.attendees);
  const pinned = useCall((state) => state.pinned);
  const arrangement = useCall((state) => state.arrangement);
  const speaker = useCall((state) => state.speaker);
  const [root, box] = useBox();
  const { stage, strip } = placed(tilesOf(attendees), pinned, arrangement, speaker);
  const split = splitOf(box);
  return (
    <div ref={root} className="min-h-0 min-w-0 flex-1">
      {box.width === 0 ? null : stage.length === 0 ? (
        <Grid tiles={strip} box={box} />
      ) : strip.length === 0 ? (
        <Grid tiles={stage} box={box} large />
      ) : (
        <div className={`flex size-full ${split.strip === "beside" ? "" : "flex-col"}`} style={{ gap: GAP }}>
          <Grid tiles={stage} box={split.stage} large />
          <Grid tiles={strip} box={split.rest} />
        </div>
      )}
    </div>
  );
}

function Grid({ tiles, box, large = false }: { tiles: readonly TileOf[]; box: Box; large?: boolean }) {
  // One tile on a stage has all of the place.
  const size = large && tiles.length === 1 ? box : gridOf(tiles.length, box).tile;
  return (
    <div
      className="flex min-h-0 min-w-0 shrink-0 flex-wrap justify-center overflow-x-hidden overflow-y-auto"
      style={{ gap: GAP, alignContent: "safe center", width: box.width, height: box.height }}
    >
      {tiles.map((tile) => (
        <Tile key={tile.id} tile={tile} large={large} size={size} />
      ))}
    </div>
  );
}

/** The size of an element, which changes without the window's. */
function useBox() {
  const ref = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      // A hidden panel has no size: it comes back as it was.
      if (width > 0 && height > 0) setBox({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, box] as const;
}
