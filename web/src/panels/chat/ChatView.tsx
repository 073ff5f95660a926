/** The chat on show: messages, a thread beside or over them, and the field. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { useMayWrite, useSession } from "../../session/context";
import { useSheet } from "../../session/sheets";
import { Notice } from "../../ui/Notice";
import type { PanelProps } from "../spec";
import { Announcer } from "./Announcer";
import { useAtLeast, usePageFocus } from "./attention";
import { roomChat, type Chat } from "./chat";
import { Composer } from "./Composer";
import { HereContext } from "./context";
import "./chat.css";
import { EmptyChat } from "./EmptyChat";
import { MessageList, type Feed } from "./MessageList";
import { PrintedChat } from "./PrintedChat";
import { useSignal } from "./signal";
import { Thread } from "./Thread";
import { Typing } from "./Typing";

/** From here on a thread stands beside the messages. */
const WIDE = 640;

export default function ChatPanel({ hidden, skeleton }: PanelProps) {
  const chat = useSession().of(roomChat);
  useSignal(chat.changed);
  if (chat.problem !== undefined) {
    return (
      <div className="p-4">
        <Notice tone="bad" alert>
          {chat.problem}
        </Notice>
      </div>
    );
  }
  if (!chat.ready) return skeleton;
  // Mounted with every look at it, so that it opens at what is new.
  return !hidden && <ChatView chat={chat} />;
}

function ChatView({ chat }: { chat: Chat }) {
  const writes = useMayWrite("chat");
  const thread = useStore(chat.place, (place) => place.thread);
  const root = useRef<HTMLDivElement>(null);
  const wide = useAtLeast(root, WIDE);
  const covered = thread !== undefined && !wide;
  const here = useMemo(() => ({ chat, writes }), [chat, writes]);

  useSheet("chat", () => <PrintedChat chat={chat} />);

  return (
    <HereContext value={here}>
      <div ref={root} className="relative flex min-h-0 flex-1">
        <div inert={covered} className="flex min-w-0 flex-1 flex-col">
          <Main chat={chat} covered={covered} />
          <Typing />
          <Composer />
        </div>
        {thread !== undefined && <Thread key={thread} first={thread} wide={wide} />}
        <Announcer />
      </div>
    </HereContext>
  );
}

function Main({ chat, covered }: { chat: Chat; covered: boolean }) {
  useSignal(chat.changed);
  useSignal(chat.reading.changed);
  const [atEnd, setAtEnd] = useState(chat.timeline.length === 0);
  const focused = usePageFocus();
  const attentive = focused && atEnd && !covered;

  useEffect(() => {
    chat.attend(attentive);
    return () => chat.attend(false);
  }, [chat, attentive]);

  // Messages that were new at the last look are new no more.
  useEffect(() => chat.reading.unmark(), [chat]);

  if (chat.timeline.length === 0) return <EmptyChat />;
  return <MessageList label="Conversation" feed={feedOf(chat)} onEnd={setAtEnd} />;
}

function feedOf(chat: Chat): Feed {
  const { reading, timeline } = chat;
  return {
    length: timeline.length,
    at: (index) => timeline.at(index),
    indexOf: (id) => timeline.indexAtOrBefore(id),
    firstNew: reading.first?.id,
    newCount: reading.inList,
  };
}
