/** The buttons at a tile's corner. */
import { ZoomIn, ZoomOut } from "lucide-react";
import { useState, type KeyboardEvent, type RefObject } from "react";
import type { Tile } from "../tiles/tiles";
import { moved, zoomed, type Zoom } from "../tiles/zoom";
import { ConnectionPopover } from "./ConnectionPopover";
import { TileMenu } from "./TileMenu";

interface TileTopProps {
  tile: Tile;
  name: string;
  root: RefObject<HTMLDivElement | null>;
  /** Makes the picture larger or smaller; absent where it can't be. */
  onZoom: ((change: (zoom: Zoom) => Zoom) => void) | undefined;
}

export function TileTop({ tile, name, root, onZoom }: TileTopProps) {
  const { attendee, source } = tile;
  const [open, setOpen] = useState(false);
  const connected = !attendee.self && source === "camera";
  return (
    <div className="call-tile-top">
      {onZoom && <ZoomButtons root={root} onZoom={onZoom} />}
      {connected && <ConnectionPopover attendee={attendee} name={name} open={open} onOpenChange={setOpen} />}
      <TileMenu tile={tile} name={name} root={root} onAbout={connected ? () => setOpen(true) : undefined} />
    </div>
  );
}

const STEP = 1.5;
/** How far an arrow moves a picture, in its place's width. */
const MOVE = 0.1;
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [MOVE, 0],
  ArrowRight: [-MOVE, 0],
  ArrowUp: [0, MOVE],
  ArrowDown: [0, -MOVE],
};

interface ZoomButtonsProps {
  root: TileTopProps["root"];
  onZoom: NonNullable<TileTopProps["onZoom"]>;
}

/** With the arrows, a picture that is larger than its place is moved. */
function ZoomButtons({ root, onZoom }: ZoomButtonsProps) {
  const place = () => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = root.current ?? {};
    return { width, height };
  };
  const by = (factor: number) => {
    const box = place();
    onZoom((zoom) => zoomed(zoom, factor, { x: box.width / 2, y: box.height / 2 }, box));
  };
  const pressed = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const box = place();
    const [x, y] = arrow;
    onZoom((zoom) => moved(zoom, { x: x * box.width, y: y * box.width }, box));
  };
  return (
    <>
      {(
        [
          ["Zoom out", 1 / STEP, ZoomOut],
          ["Zoom in", STEP, ZoomIn],
        ] as const
      ).map(([label, factor, Icon]) => (
        <button
          key={label}
          type="button"
          aria-label={label}
          title={label}
          className="call-tile-button"
          onClick={() => by(factor)}
          onKeyDown={pressed}
        >
          <Icon aria-hidden />
        </button>
      ))}
    </>
  );
}
