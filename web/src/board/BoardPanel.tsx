/** The panel *Board*. */
import type { Room } from "../engine";

export function BoardPanel({ room, hidden }: { room: Room; hidden: boolean }) {
  return <section aria-label="Board" hidden={hidden} data-room={room.id} />;
}
