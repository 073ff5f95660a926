/** The open room as the views see it: who is here and how it stands. */
import { toast } from "sonner";
import { create } from "zustand";
import type { Person, Room, Status } from "../engine";

interface RoomState {
  people: Person[];
  status: Status;
}

const empty: RoomState = {
  people: [],
  status: { node: "connecting", reach: "offline", waiting: 0, unsaved: 0, admitted: true, loaded: false },
};

export const useRoomState = create<RoomState>(() => empty);

/** Follows a room until the returned function is called. */
export function follow(room: Room): () => void {
  useRoomState.setState({ people: room.people, status: room.status });
  const stops = [
    room.on("people", (people) => useRoomState.setState({ people })),
    room.on("status", (status) => useRoomState.setState({ status })),
    room.on("notice", ({ message }) => toast.warning(message, { id: message })),
  ];
  globalThis.coveyRoom = room;
  return () => {
    for (const stop of stops) stop();
    toast.dismiss();
    globalThis.coveyRoom = undefined;
    useRoomState.setState(empty);
  };
}
