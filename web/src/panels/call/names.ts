/** The names and colours of the people in a call. */
import { useRoom } from "../../session/context";
import { shownName } from "../../shared/names";

export interface Somebody {
  readonly name: string;
  readonly color: string;
}

const UNKNOWN_COLOR = "#6b7280";

export function somebody(person: { name: string; color: string } | undefined): Somebody {
  return { name: shownName(person?.name), color: person?.color ?? UNKNOWN_COLOR };
}

export function useSomebody(member: string): Somebody {
  const name = useRoom((state) => state.people.find(({ id }) => id === member)?.name);
  const color = useRoom((state) => state.people.find(({ id }) => id === member)?.color);
  return { name: shownName(name), color: color ?? UNKNOWN_COLOR };
}
