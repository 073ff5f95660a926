/** At which message each of those here has arrived. */
import type { Feed } from "./MessageList";
import { useHere } from "./context";
import { useSignal } from "./signal";

const nobody: ReadonlyMap<number, readonly string[]> = new Map();

/** Members by the index of the last message they have read. */
export function useReaders(feed: Feed, shown: boolean): ReadonlyMap<number, readonly string[]> {
  const { live } = useHere().chat;
  useSignal(live.changed);
  if (!shown || live.marks.length === 0) return nobody;
  const furthest = new Map<string, number>();
  for (const [member, id] of live.marks) {
    const index = feed.indexOf(id);
    if (index > (furthest.get(member) ?? -1)) furthest.set(member, index);
  }
  const readers = new Map<number, string[]>();
  for (const [member, index] of furthest) {
    readers.set(index, [...(readers.get(index) ?? []), member]);
  }
  return readers;
}
