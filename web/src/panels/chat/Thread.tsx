/** A thread: its first message, the replies, and a field for another one. */
import { X } from "lucide-react";
import { useEffect } from "react";
import { count } from "../../shared/format";
import { IconButton } from "../../ui/Button";
import { usePageFocus } from "./attention";
import type { Chat } from "./chat";
import { Composer } from "./Composer";
import { useHere } from "./context";
import { MessageList, type Feed } from "./MessageList";
import type { Id } from "./records";
import { useSignal } from "./signal";

export function Thread({ first, wide }: { first: Id; wide: boolean }) {
  const { chat } = useHere();
  useSignal(chat.changed);
  const focused = usePageFocus();
  const version = useSignal(chat.reading.changed);
  const close = () => chat.place.setState({ thread: undefined, editing: undefined });

  useEffect(() => {
    if (focused) chat.reading.readThread(first);
  }, [chat, first, focused, version]);

  const feed = feedOf(chat, first);
  const place = wide ? "w-[min(46%,24rem)] border-l border-line" : "absolute inset-0 z-20 animate-fade";
  return (
    <aside
      aria-label="Thread"
      className={`flex min-w-0 flex-col bg-surface ${place}`}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) close();
      }}
    >
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h3 className="font-semibold">Thread</h3>
        <span className="min-w-0 flex-1 truncate text-[0.867rem] text-soft">
          {feed.length > 1 && count(feed.length - 1, "reply", "replies")}
        </span>
        <IconButton label="Close thread" className="size-8" onClick={close}>
          <X />
        </IconButton>
      </header>
      <MessageList label="Replies" feed={feed} thread={first} />
      <Composer thread={first} />
    </aside>
  );
}

function feedOf(chat: Chat, first: Id): Feed {
  const message = chat.timeline.get(first);
  const all = [...(message ? [message] : []), ...chat.timeline.replies(first)];
  return {
    length: all.length,
    at: (index) => all[index],
    indexOf: (id) => all.findIndex((message) => message.id === id),
    firstNew: undefined,
    newCount: 0,
  };
}
