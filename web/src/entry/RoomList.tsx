/** The rooms this device has: open one again, or forget it. */
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { StoredRoom } from "../engine";
import { relative, rightsOf } from "../shared/format";
import { apart, shownTitle } from "../shared/names";
import { forget } from "../app/state";
import { IconButton } from "../ui/Button";
import { Confirm } from "../ui/Modal";

interface RoomListProps {
  rooms: StoredRoom[] | undefined;
  onOpen: (id: string) => void;
}

export function RoomList({ rooms, onOpen }: RoomListProps) {
  const [leaving, setLeaving] = useState<StoredRoom>();
  if (!rooms || rooms.length === 0) return null;
  return (
    <section aria-labelledby="rooms-here" className="mt-8 border-t border-line pt-7 animate-fade">
      <h2 id="rooms-here" className="mb-2 text-[0.867rem] font-medium">
        Rooms on this device
      </h2>
      <ul className="-mx-3">
        {rooms.map((room) => (
          <li key={room.id} className="group flex items-center rounded-lg transition-colors hover:bg-hover">
            <button
              type="button"
              className="min-w-0 flex-1 rounded-lg px-3 py-2.5 text-left"
              onClick={() => onOpen(room.id)}
            >
              <span className="block truncate font-medium">
                <bdi>{shownTitle(room.title)}</bdi>
              </span>
              <span className="block text-[0.867rem] text-soft">
                {rightsOf(room.role)} · opened {relative(room.openedAt)}
              </span>
            </button>
            <IconButton
              label={`Forget ${apart(shownTitle(room.title))}`}
              className="mr-1.5 opacity-60 group-hover:opacity-100 focus-visible:opacity-100"
              onClick={() => setLeaving(room)}
            >
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
      <Confirm
        open={leaving !== undefined}
        onOpenChange={() => setLeaving(undefined)}
        title={`Forget “${apart(shownTitle(leaving?.title ?? ""))}”?`}
        about="Everything of this room on this device is deleted, also what nobody else has received yet. Where it is open in another tab it is closed. To come back you need a link."
        action="Forget room"
        danger
        onConfirm={() => leaving && void forget(leaving.id)}
      />
    </section>
  );
}
