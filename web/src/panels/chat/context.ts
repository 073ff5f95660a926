/** The context of all views of the chat: the chat, one's rights in it, and the authors. */
import { createContext, use } from "react";
import { apart, shownName } from "../../shared/names";
import { useRoom } from "../../session/context";
import type { Chat } from "./chat";

interface Here {
  chat: Chat;
  /** Whether one may write, react and so on. */
  writes: boolean;
}

export const HereContext = createContext<Here | undefined>(undefined);

export function useHere(): Here {
  const here = use(HereContext);
  if (!here) throw new Error("outside of the chat");
  return here;
}

export interface Author {
  name: string;
  color: string;
}

/** People who are not known any more are still the authors of theirs. */
const UNKNOWN_COLOR = "#6b7280";

/** The author of a message. */
export function useAuthor(member: string): Author {
  const name = useRoom((state) => state.people.find(({ id }) => id === member)?.name);
  const color = useRoom((state) => state.people.find(({ id }) => id === member)?.color);
  return { name: shownName(name), color: color ?? UNKNOWN_COLOR };
}

/** Names by member, for sentences that are plain strings. */
export function useNames(): (member: string) => string {
  const people = useRoom((state) => state.people);
  return (member) => apart(shownName(people.find(({ id }) => id === member)?.name));
}
