/** What the panels are called, and their signs. */
import { Code, MessageSquare, Shapes, Users, type LucideIcon } from "lucide-react";
import type { PanelId } from "./model";

interface Face {
  label: string;
  icon: LucideIcon;
}

export const faces: Record<PanelId, Face> = {
  code: { label: "Code", icon: Code },
  board: { label: "Board", icon: Shapes },
  chat: { label: "Chat", icon: MessageSquare },
  people: { label: "People", icon: Users },
};

/** Something to count beside a panel's name: people here, messages not read. */
export type Counts = Partial<Record<PanelId, number>>;
