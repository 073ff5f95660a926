/** The buttons at a tile's corner. */
import { useState, type RefObject } from "react";
import type { Tile } from "../tiles/tiles";
import { ConnectionPopover } from "./ConnectionPopover";
import { TileMenu } from "./TileMenu";

interface TileTopProps {
  tile: Tile;
  name: string;
  root: RefObject<HTMLDivElement | null>;
}

export function TileTop({ tile, name, root }: TileTopProps) {
  const { attendee, source } = tile;
  const [open, setOpen] = useState(false);
  const connected = !attendee.self && source === "camera";
  return (
    <div className="call-tile-top">
      {connected && <ConnectionPopover attendee={attendee} name={name} open={open} onOpenChange={setOpen} />}
      <TileMenu tile={tile} name={name} root={root} onAbout={connected ? () => setOpen(true) : undefined} />
    </div>
  );
}
