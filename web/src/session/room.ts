/** The open room as the views see it: who is here and how it stands. */
import { toast } from "sonner";
import { create } from "zustand";
import { rewriteChats } from "../panels/chat/memory";
import type { Person, Role, Room, Status } from "../engine";
import { device, tab } from "../shared/memory";
import { cleanName, marksOf } from "../shared/names";

interface RoomState {
  people: Person[];
  /** Marks of those whose names look like somebody else's, by member. */
  marks: ReadonlyMap<string, string>;
  /** What one may do here; grows when one is let in. */
  role: Role;
  status: Status;
}

const EMPTIED =
  "What this site had stored in this browser was deleted while the room was open. All that this page has of this room is stored again; other rooms that were on this device are gone, unless they are open, too.";

const empty: RoomState = {
  people: [],
  marks: new Map(),
  role: "replica",
  status: { node: "connecting", reach: "offline", waiting: 0, unsaved: 0, admitted: true, loaded: false },
};

export const useRoomState = create<RoomState>(() => empty);

/** Names come from other people, or from a disk that had them before they were cleaned. */
function named(all: Person[]): Pick<RoomState, "people" | "marks"> {
  const people = all.map((person) => ({ ...person, name: cleanName(person.name) }));
  return { people, marks: marksOf(people) };
}

/** Follows a room until the returned function is called. */
export function follow(room: Room): () => void {
  useRoomState.setState({ ...named(room.people), role: room.role, status: room.status });
  const stops = [
    room.on("people", (people) => useRoomState.setState({ ...named(people), role: room.role })),
    room.on("status", (status) => useRoomState.setState({ status, role: room.role })),
    room.on("notice", ({ name, message }) => {
      const tell = name === "AlreadyHere" ? toast.info : toast.warning;
      tell(message, { id: message });
    }),
    room.on("emptied", () => {
      for (const kept of [device, tab]) kept.rewrite();
      rewriteChats();
      // Nothing else says so, and somebody may have looked away.
      toast.warning(EMPTIED, { id: EMPTIED, duration: Infinity, closeButton: true });
    }),
  ];
  globalThis.coveyRoom = room;
  return () => {
    for (const stop of stops) stop();
    toast.dismiss();
    globalThis.coveyRoom = undefined;
    useRoomState.setState(empty);
  };
}
