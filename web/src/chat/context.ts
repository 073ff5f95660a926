/** What every part of the chat's view needs: the chat, what one may do in it, and who wrote what. */
import { createContext, use } from "react";
import { useRoomState } from "../state/room";
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

const unknown: Author = { name: "Someone", color: "#6b7280" };

/** The author of a message; people who are not known any more still have written theirs. */
export function useAuthor(member: string): Author {
  const name = useRoomState((state) => state.people.find(({ id }) => id === member)?.name);
  const color = useRoomState((state) => state.people.find(({ id }) => id === member)?.color);
  return { name: shownName(name), color: color ?? unknown.color };
}

/** Names by member, for lists of people. */
export function useNames(): (member: string) => string {
  const people = useRoomState((state) => state.people);
  return (member) => shownName(people.find(({ id }) => id === member)?.name);
}

/** Names may be empty, and unknown until somebody who knows them is met. */
function shownName(name = ""): string {
  return name === "" ? unknown.name : name;
}
