/** Which file each of the others is in. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { DocView, Person, Room } from "../../engine";
import { useRoomState } from "../../session/room";
import { views, watchViews } from "./view";

/** The people in each file, by its id; only files that somebody is in. */
export function useWhereabouts(room: Room, view: DocView): ReadonlyMap<string, Person[]> {
  const people = useRoomState((state) => state.people);
  const watch = useCallback((listener: () => void) => watchViews(view, room, listener), [view, room]);
  const text = useSyncExternalStore(watch, () => filesOf(room, view));
  return useMemo(() => {
    const files = new Map<string, Person[]>();
    for (const [member, file] of JSON.parse(text) as [string, string][]) {
      const person = people.find(({ id, self }) => id === member && !self);
      if (person) files.set(file, [...(files.get(file) ?? []), person]);
    }
    return files;
  }, [text, people]);
}

/** As text, which is equal when nobody went to another file: scrolling within one changes nothing here. */
function filesOf(room: Room, view: DocView): string {
  return JSON.stringify([...views(view, room)].map(([member, { file }]) => [member, file]));
}
