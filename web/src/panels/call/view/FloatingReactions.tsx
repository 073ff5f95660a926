/** A person's reactions, floating up over their tile. */
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { useRoomCall } from "../context";

export function FloatingReactions({ client }: { client: number }) {
  const { reactions } = useRoomCall();
  const own = useStore(
    reactions.state,
    useShallow(({ all }) => all.filter((each) => each.client === client)),
  );
  return (
    <div role="status" className="pointer-events-none absolute inset-0 overflow-hidden">
      {own.map(({ id, emoji }) => (
        <span key={id} className="call-reaction" style={{ left: `${20 + ((id * 23) % 60)}%` }}>
          {emoji}
        </span>
      ))}
    </div>
  );
}
