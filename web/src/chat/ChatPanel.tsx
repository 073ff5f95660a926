/** The panel *Chat*. */
import type { Room } from "../engine";

export function ChatPanel({ room, hidden }: { room: Room; hidden: boolean }) {
  return <section aria-label="Chat" hidden={hidden} data-room={room.id} />;
}
