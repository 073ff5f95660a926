/** A chat without messages, or of which nothing has arrived yet. */
import { MessagesSquare } from "lucide-react";
import { useRoom } from "../../session/context";

export function EmptyChat() {
  const loaded = useRoom((state) => state.status.loaded);
  return (
    <div
      role="log"
      aria-label="Conversation"
      className="grid min-h-0 flex-1 place-items-center overflow-y-auto p-6"
    >
      <div className="max-w-[17rem] text-center">
        <MessagesSquare aria-hidden className="mx-auto mb-3 size-7 text-soft/70" strokeWidth={1.5} />
        {loaded ? (
          <>
            <p className="font-medium">Nothing has been said yet.</p>
            <p className="mt-1 text-[0.933rem] text-soft">
              What you write is stored by the people in this room and by nobody else.
            </p>
          </>
        ) : (
          <p className="text-[0.933rem] text-soft animate-breathe">
            Waiting for someone who has what was said so far…
          </p>
        )}
      </div>
    </div>
  );
}
