/** The people in each file. */
import { useMemo } from "react";
import type { DocView, Person } from "../../engine";
import { useRoom } from "../../session/context";
import { useLiveValues, type LiveValue } from "../../session/liveValues";
import { decoded, TOPIC, type View } from "./view";

/** The people in each file, by its id; only files that somebody is in. */
export function usePeopleInFiles(view: DocView): ReadonlyMap<string, Person[]> {
  const people = useRoom((state) => state.people);
  const found = useLiveValues(view, TOPIC, decoded, filesOf);
  return useMemo(() => {
    const files = new Map<string, Person[]>();
    for (const [member, file] of Object.entries(found)) {
      const person = people.find(({ id, self }) => id === member && !self);
      if (person) files.set(file, [...(files.get(file) ?? []), person]);
    }
    return files;
  }, [found, people]);
}

/** Files by member, which stay the same while somebody scrolls; of several pages of one person, one counts. */
function filesOf(all: readonly LiveValue<View>[]): Record<string, string> {
  return Object.fromEntries(all.map(({ person, value }) => [person.id, value.file]));
}
