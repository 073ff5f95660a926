/** The rights of a person in a room, part by part. */
import type { Role, Tool } from "../engine";

export interface Rights {
  readonly role: Role;
  /** The parts that one may write or take part in, once one's role lets one write at all. */
  readonly tools: ReadonlySet<Tool>;
}

const names: Record<Tool, string> = {
  chat: "the chat",
  board: "the board",
  code: "the code",
  custom: "the other panels",
  call: "the call",
  screen: "sharing screens",
};

/** The parts that a link may be for, in the order of their panels. */
export const PARTS: readonly { value: Tool; label: string }[] = [
  { value: "code", label: "Code" },
  { value: "board", label: "Board" },
  { value: "chat", label: "Chat" },
  { value: "call", label: "Call" },
  { value: "screen", label: "Screen" },
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

/** Whether one may do what a part is for. */
export function mayUse({ role, tools }: Rights, tool: Tool): boolean {
  return writes(role) && tools.has(tool);
}

export function mayWriteIn(rights: Rights, document: string): boolean {
  return mayUse(rights, toolOf(document));
}

/** Completes a sentence for somebody who may write, and not everywhere: “your link is for the chat”. */
export function linkIsFor({ tools }: Rights): string {
  const parts = [...tools].map((tool) => names[tool]);
  if (parts.length === 0) return "your link is for looking";
  return `your link is for ${new Intl.ListFormat("en").format(parts)}`;
}
