/** The menu of a tile: where and how large it is shown, and what moderators may ask of its person. */
import {
  EllipsisVertical,
  Expand,
  MicOff,
  MonitorOff,
  PictureInPicture2,
  Pin,
  PinOff,
  UserX,
  Volume2,
} from "lucide-react";
import { useRef, type RefObject } from "react";
import { useRoom } from "../../../session/context";
import { apart } from "../../../shared/names";
import { Menu, MenuItem, MenuLine } from "../../../ui/Menu";
import { useCall, useRoomCall } from "../context";
import type { Tile } from "../tiles/tiles";

interface TileMenuProps {
  tile: Tile;
  name: string;
  root: RefObject<HTMLDivElement | null>;
  /** Opens what there is to know about the connection; absent where there is none. */
  onAbout: (() => void) | undefined;
}

export function TileMenu(props: TileMenuProps) {
  const { tile, name, onAbout } = props;
  const about = useRef(false);
  const label = `Options for ${apart(name)}${tile.source === "screen" ? "’s screen" : ""}`;
  return (
    <Menu
      items={
        <Items
          {...props}
          onAbout={
            onAbout &&
            (() => {
              about.current = true;
              onAbout();
            })
          }
        />
      }
      onClosed={(event) => {
        // The focus goes into what was opened.
        if (about.current) event.preventDefault();
        about.current = false;
      }}
    >
      <button type="button" aria-label={label} title="Options" className="call-tile-button">
        <EllipsisVertical aria-hidden />
      </button>
    </Menu>
  );
}

function Items({ tile, root, onAbout }: TileMenuProps) {
  const { id, source, attendee } = tile;
  const call = useRoomCall();
  const pinned = useCall((state) => state.pinned === id);
  const pictured = source === "screen" || attendee.camera;
  return (
    <>
      {onAbout && (
        <MenuItem icon={<Volume2 aria-hidden />} onSelect={onAbout}>
          Volume and connection
        </MenuItem>
      )}
      <MenuItem
        icon={pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
        onSelect={() => call.pin(pinned ? undefined : id)}
      >
        {pinned ? "Unpin" : "Pin"}
      </MenuItem>
      {document.fullscreenEnabled && (
        <MenuItem icon={<Expand aria-hidden />} onSelect={() => void fullScreen(root.current)}>
          Full screen
        </MenuItem>
      )}
      {document.pictureInPictureEnabled && pictured && (
        <MenuItem icon={<PictureInPicture2 aria-hidden />} onSelect={() => void inWindow(root.current)}>
          Picture in picture
        </MenuItem>
      )}
      <Requests tile={tile} />
    </>
  );
}

/** They are asked of a page, which does it and tells its person by whom. */
function Requests({ tile: { source, attendee } }: { tile: Tile }) {
  const call = useRoomCall();
  const moderates = useRoom(({ rights: { role } }) => role === "moderator" || role === "owner");
  const { self, client, microphone, screen } = attendee;
  if (!moderates || self) return null;
  return (
    <>
      <MenuLine />
      {source === "camera" && microphone === "on" && (
        <MenuItem icon={<MicOff aria-hidden />} onSelect={() => call.ask(client, "mute")}>
          Ask to mute
        </MenuItem>
      )}
      {screen && (
        <MenuItem icon={<MonitorOff aria-hidden />} onSelect={() => call.ask(client, "stop-share")}>
          Ask to stop sharing
        </MenuItem>
      )}
      <MenuItem danger icon={<UserX aria-hidden />} onSelect={() => call.ask(client, "leave")}>
        Remove from call
      </MenuItem>
    </>
  );
}

async function fullScreen(element: HTMLElement | null): Promise<void> {
  try {
    await element?.requestFullscreen();
  } catch {
    // The browser says so itself, or the person has changed their mind.
  }
}

async function inWindow(tile: HTMLElement | null): Promise<void> {
  try {
    await tile?.querySelector("video")?.requestPictureInPicture();
  } catch {
    // As above.
  }
}
