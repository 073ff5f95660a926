/** Tells a person who talks that nobody hears them. */
import { MicOff } from "lucide-react";
import { Button } from "../../../ui/Button";
import { useCall, useRoomCall } from "../context";

export function MutedNotice() {
  const call = useRoomCall();
  const told = useCall((state) => state.muted && state.talksMuted);
  return (
    <div role="status">
      {told && (
        <p className="flex items-center gap-2 border-b border-line bg-warn-tint px-3 py-1.5 text-[0.867rem]">
          <MicOff aria-hidden className="size-4 shrink-0 text-warn" />
          <span className="min-w-0 flex-1">You are muted. Hold the space bar to talk.</span>
          <Button small onClick={() => call.setMuted(false)}>
            Talk
          </Button>
        </p>
      )}
    </div>
  );
}
