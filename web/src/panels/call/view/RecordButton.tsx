/** Begins a recording of the call or of one tile, and ends it. */
import { Circle, Square, Users } from "lucide-react";
import { useStore } from "zustand";
import { Menu, MenuItem, MenuLine } from "../../../ui/Menu";
import { apart } from "../../../shared/names";
import { useCall, useRoomCall } from "../context";
import { useSomebody } from "../names";
import { formatOf } from "../recording/format";
import { tilesOf, type Tile } from "../tiles/tiles";

export function RecordButton() {
  const { recorder } = useRoomCall();
  const phase = useStore(recorder.state, (state) => state.phase);
  const running = phase === "on" || phase === "ending";
  if (running)
    return (
      <button
        type="button"
        aria-label="Stop recording"
        title="Stop recording"
        aria-busy={phase === "ending" || undefined}
        data-look="off"
        className="call-control"
        onClick={() => void stopAndSave(recorder)}
      >
        <Square aria-hidden fill="currentColor" />
      </button>
    );
  return (
    <Menu align="start" items={<Items />}>
      <button
        type="button"
        aria-label="Record"
        title="Record"
        aria-busy={phase === "starting" || undefined}
        data-look="plain"
        className="call-control"
      >
        <Circle aria-hidden className="fill-[#d93025] text-[#d93025]" />
      </button>
    </Menu>
  );
}

/** While the browser still knows that the person pressed something, it lets the page ask for a place. */
async function stopAndSave(recorder: ReturnType<typeof useRoomCall>["recorder"]): Promise<void> {
  const kept = await recorder.stop();
  if (kept) await recorder.save(kept);
}

function Items() {
  const { recorder } = useRoomCall();
  const attendees = useCall((state) => state.attendees);
  if (!formatOf())
    return (
      <p className="max-w-64 px-2.5 py-1.5 text-soft">
        This browser can’t record. A current one on a computer can.
      </p>
    );
  return (
    <>
      <MenuItem icon={<Users aria-hidden />} onSelect={() => void recorder.start()}>
        The whole call
      </MenuItem>
      <MenuLine />
      {tilesOf(attendees).map((tile) => (
        <OneTile key={tile.id} tile={tile} />
      ))}
      <p className="max-w-64 px-2.5 pt-1.5 pb-1 text-[0.8rem] text-soft">
        It stays on this device. Everybody in the call sees that you record.
      </p>
    </>
  );
}

function OneTile({ tile: { id, source, attendee } }: { tile: Tile }) {
  const { recorder } = useRoomCall();
  const { name } = useSomebody(attendee.member);
  return (
    <MenuItem icon={<span className="size-4" />} onSelect={() => void recorder.start(id)}>
      Only {apart(name)}
      {source === "screen" && "’s screen"}
    </MenuItem>
  );
}
