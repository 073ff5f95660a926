/** The panel *Chat*: what is said, whether it is on show or not. */
import { MessageSquare } from "lucide-react";
import type { PanelSpec } from "../spec";
import { roomChat } from "./chat";
import { ChatSkeleton } from "./ChatSkeleton";

export const chat: PanelSpec = {
  id: "chat",
  label: "Chat",
  icon: MessageSquare,
  digit: 3,
  first: { at: "talk" },
  begins: "fetched",
  badge: (session) => {
    const { reading } = session.of(roomChat);
    return { count: () => reading.count, watch: reading.changed.listen, countLabel: "unread" };
  },
  keys: [
    ["Send", ["Enter"]],
    ["New line", ["Shift Enter"]],
    ["Edit your last message", ["↑"]],
    ["Leave editing or a thread", ["Esc"]],
  ],
  skeleton: <ChatSkeleton />,
  subject: "The chat",
  load: () => import("./ChatView"),
};
