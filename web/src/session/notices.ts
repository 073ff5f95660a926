/** What a room itself has to say, as notices over the page. */
import { toast } from "sonner";
import type { Room } from "../engine";
import { device, tab } from "../shared/memory";
import { rewriteOpenRooms } from "../shared/roomMemory";
import { sentence } from "../shared/sentences";

const EMPTIED =
  "What this site had stored in this browser was deleted while the room was open. All that this page has of this room is stored again; other rooms that were on this device are gone, unless they are open, too.";

/** Tells what happens in a room until the returned function is called. */
export function tellNotices(room: Room): () => void {
  const stops = [
    room.on("notice", (problem) => {
      const message = sentence(problem);
      if (problem.code === "newer") {
        const again = { label: "Load again", onClick: () => location.reload() };
        toast.warning(message, { id: message, duration: Infinity, closeButton: true, action: again });
        return;
      }
      const tell = problem.code === "already-here" ? toast.info : toast.warning;
      tell(message, { id: message });
    }),
    room.on("emptied", () => {
      for (const kept of [device, tab]) kept.rewrite();
      rewriteOpenRooms();
      // Nothing else says so, and somebody may have looked away.
      toast.warning(EMPTIED, { id: EMPTIED, duration: Infinity, closeButton: true });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    toast.dismiss();
  };
}
