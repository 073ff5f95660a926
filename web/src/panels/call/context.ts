/** The room's call, for every view of it. */
import { useStore } from "zustand";
import { useSession } from "../../session/context";
import { roomCall, type RoomCall } from "./call";
import type { CallState } from "./state";

export function useRoomCall(): RoomCall {
  return useSession().of(roomCall);
}

/** Selects something of the call's state; renders again when it changes. */
export function useCall<T>(select: (state: CallState) => T): T {
  return useStore(useRoomCall().state, select);
}
