/** In the header: how the others are reached, what waits to be sent, and whether the disk has everything. */
import { Check, CloudOff, LoaderCircle } from "lucide-react";
import { count } from "../shared/format";
import { useLasting } from "../shared/hooks";
import { useRoom } from "../session/context";
import { Reach } from "../ui/Reach";

export function RoomStatus() {
  const { reach, waiting, unsaved } = useRoom((state) => state.status);
  const waits = useLasting(waiting > 0, 900);
  const saving = useLasting(unsaved > 0, 500);
  return (
    <div className="flex min-w-0 items-center gap-3 text-[0.8rem] text-soft">
      <span role="status" data-reach={reach} className="flex">
        <Reach state={reach} pill />
      </span>
      {waits && (
        <span
          role="status"
          className="flex items-center gap-1.5 whitespace-nowrap animate-fade max-[360px]:sr-only"
        >
          <CloudOff aria-hidden className="size-3.5 max-[480px]:hidden" />
          {count(waiting, "edit waits", "edits wait")}
          <span className="-ml-0.5 max-[480px]:sr-only"> to be sent</span>
        </span>
      )}
      <span
        className="flex items-center gap-1.5 whitespace-nowrap max-[700px]:sr-only"
        data-saved={saving ? "no" : "yes"}
      >
        {saving ? (
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
        ) : (
          <Check aria-hidden className="size-3.5" />
        )}
        {saving ? "Saving…" : "Saved on this device"}
      </span>
    </div>
  );
}
