/** The open room, for every view of it. */
import { createContext, use } from "react";
import { useStore } from "zustand";
import { mayWriteIn } from "./rights";
import type { RoomSession, RoomState } from "./session";

export const SessionContext = createContext<RoomSession | undefined>(undefined);

export function useSession(): RoomSession {
  const session = use(SessionContext);
  if (!session) throw new Error("outside of a room");
  return session;
}

/** Selects something of the room's state; renders again when it changes. */
export function useRoom<T>(select: (state: RoomState) => T): T {
  return useStore(useSession().state, select);
}

/** Whether one may write in a document. */
export function useMayWrite(document: string): boolean {
  return useRoom(({ rights }) => mayWriteIn(rights, document));
}
