/** The reactions to a message: how many of each, and a click joins in or takes one's own back. */
import { useNames, useHere } from "./context";
import type { Message, Reaction } from "./slot";

export function Reactions({ message }: { message: Message }) {
  if (message.reactions.length === 0) return null;
  return (
    <div role="group" aria-label="Reactions" className="mt-1 mb-0.5 flex flex-wrap gap-1">
      {message.reactions.map((reaction) => (
        <Chip key={reaction.emoji} message={message} reaction={reaction} />
      ))}
    </div>
  );
}

function Chip({ message, reaction }: { message: Message; reaction: Reaction }) {
  const { chat, writes } = useHere();
  const nameOf = useNames();
  const { emoji, members } = reaction;
  const own = chat.self !== undefined && members.includes(chat.self);
  const names = members.map((member) => (member === chat.self ? "You" : nameOf(member)));
  return (
    <button
      type="button"
      aria-pressed={own}
      aria-label={`${emoji} ${members.length}`}
      title={`${names.join(", ")}: ${emoji}`}
      disabled={!writes}
      onClick={() => chat.react(message.id, emoji)}
      className={`flex h-6 items-center gap-1 rounded-full border px-2 text-[0.8rem] font-medium tabular-nums transition-colors ${own ? "border-accent/50 bg-tint text-accent" : "border-line bg-ground text-soft enabled:hover:border-edge enabled:hover:text-ink"}`}
    >
      <span aria-hidden className="text-[0.867rem] leading-none">
        {emoji}
      </span>
      {members.length}
    </button>
  );
}
