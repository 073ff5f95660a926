/** All tiles of the call: in a grid, or some on a stage with the others small beside it. */
import { useEffect, useRef, useState } from "react";
import { useCall } from "../context";
import { arranged, type Box, type Rect } from "../tiles/grid";
import { placed, tilesOf } from "../tiles/tiles";
import { Tile } from "./Tile";

export function Tiles() {
  const attendees = useCall((state) => state.attendees);
  const pinned = useCall((state) => state.pinned);
  const arrangement = useCall((state) => state.arrangement);
  const speaker = useCall((state) => state.speaker);
  const [root, box] = useBox();
  const { stage, others } = placed(tilesOf(attendees), pinned, arrangement, speaker);
  const rects = arranged(stage.length, others.length, box);
  const at = new Map([
    ...stage.map((tile, index) => [tile, rects.stage[index]] as const),
    ...others.map((tile, index) => [tile, rects.others[index]] as const),
  ]);
  return (
    <div ref={root} className="relative min-h-0 min-w-0 flex-1 overflow-x-hidden overflow-y-auto">
      {box.width > 0 &&
        // In an order that stays: a tile that moves is the same element, and its picture goes on.
        [...at]
          .sort(([a], [b]) => attendees.indexOf(a.attendee) - attendees.indexOf(b.attendee))
          .map(([tile, rect]) => (
            <Tile key={tile.id} tile={tile} large={stage.includes(tile)} rect={rect ?? NOWHERE} />
          ))}
    </div>
  );
}

const NOWHERE: Rect = { x: 0, y: 0, width: 0, height: 0 };

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
