/** How many messages of a room's chat are new to the person, whether the panel is on show or not. */
import type { Room } from "../../engine";
import { chatOf } from "./chat";
import { useSignal } from "./signal";

export function useUnread(room: Room): number {
  const { reading } = chatOf(room);
  useSignal(reading.changed);
  return reading.count;
}
