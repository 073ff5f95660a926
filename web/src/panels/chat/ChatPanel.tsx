/** The panel *Chat*: a light shell; what shows messages is fetched with the first look at them. */
import type { Room } from "../../engine";
import { Notice } from "../../ui/Notice";
import { part } from "../../ui/Part";
import { chatOf } from "./chat";
import { ChatSkeleton } from "./ChatSkeleton";
import { useSignal } from "./signal";

export const loadChat = () => import("./ChatView");
const ChatView = part(loadChat, { name: "The chat", waiting: <ChatSkeleton /> });

export function ChatPanel({ room, hidden }: { room: Room; hidden: boolean }) {
  const chat = chatOf(room);
  useSignal(chat.changed);
  return (
    <section
      aria-label="Chat"
      hidden={hidden}
      className="min-h-0 min-w-0 flex-1 flex-col bg-surface not-[[hidden]]:flex"
    >
      {chat.problem !== undefined ? (
        <div className="p-4">
          <Notice tone="bad" alert>
            {chat.problem}
          </Notice>
        </div>
      ) : !chat.ready ? (
        <ChatSkeleton />
      ) : (
        // Mounted with every look at it, so that it opens at what is new.
        !hidden && <ChatView chat={chat} />
      )}
    </section>
  );
}
