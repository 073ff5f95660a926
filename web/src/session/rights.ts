/** The rights of a person in a room, part by part. */
import type { Role, Tool } from "../engine";

export interface Rights {
  readonly role: Role;
  /** The parts that one may write in, once one's role lets one write at all. */
  readonly tools: ReadonlySet<Tool>;
}

const names: Record<Tool, string> = {
  chat: "the chat",
  board: "the board",
  code: "the code",
  custom: "the other panels",
};

/** The parts that a link may be for, in the order of their panels. */
export const PARTS: readonly { value: Tool; label: string }[] = [
  { value: "code", label: "Code" },
  { value: "board", label: "Board" },
  { value: "chat", label: "Chat" },
];

export const ALL: ReadonlySet<Tool> = new Set(Object.keys(names) as Tool[]);

/** The part that a document belongs to; documents of panels from elsewhere are `custom/<name>`. */
export function toolOf(document: string): Tool {
  return document === "chat" || document === "board" || document === "code" ? document : "custom";
}

/** Whether a role lets one write in any part. */
export function writes(role: Role): boolean {
  return role === "participant" || role === "moderator" || role === "owner";
}

export function mayWriteIn({ role, tools }: Rights, document: string): boolean {
  return writes(role) && tools.has(toolOf(document));
}

/** Completes a sentence for somebody who may write, and not everywhere: “your link is for the chat”. */
export function linkIsFor({ tools }: Rights): string {
  const parts = [...tools].map((tool) => names[tool]);
  if (parts.length === 0) return "your link is for looking";
  return `your link is for ${new Intl.ListFormat("en").format(parts)}`;
}
