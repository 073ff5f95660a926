/** Leads to what one does not see: the end of the list, or a thread with new replies. */
import { ArrowDown, MessagesSquare } from "lucide-react";
import { count } from "../../shared/format";
import { useHere } from "./context";
import { useSignal } from "./signal";

const look =
  "absolute bottom-3 left-1/2 z-10 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line bg-raised " +
  "px-3 text-[0.867rem] font-medium whitespace-nowrap shadow-[0_6px_20px_-6px_var(--shadow)] animate-fade hover:bg-hover";

interface JumpButtonProps {
  atEnd: boolean;
  newCount: number;
  onJump: () => void;
}

export function JumpButton({ atEnd, newCount, onJump }: JumpButtonProps) {
  const { chat } = useHere();
  useSignal(chat.reading.changed);
  if (!atEnd) {
    return (
      <button type="button" aria-label={jumpLabel(newCount)} onClick={onJump} className={look}>
        <ArrowDown aria-hidden className="size-4 text-accent" />
        {newCount > 0 ? `${newCount.toLocaleString("en")} new` : "Latest"}
      </button>
    );
  }
  const { thread } = chat.reading;
  const replies = chat.reading.count - chat.reading.inList;
  if (thread === undefined || chat.place.getState().thread === thread) return null;
  return (
    <button type="button" onClick={() => chat.place.setState({ thread })} className={look}>
      <MessagesSquare aria-hidden className="size-4 text-accent" />
      {count(replies, "new reply", "new replies")}
    </button>
  );
}

function jumpLabel(newCount: number): string {
  return newCount > 0 ? `Jump to the latest, ${newCount.toLocaleString("en")} new` : "Jump to the latest";
}
