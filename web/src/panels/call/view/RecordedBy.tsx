/** Says who records the call, for as long as they do. */
import { Circle } from "lucide-react";
import { useRoom } from "../../../session/context";
import { apart, shownName } from "../../../shared/names";
import { useCall } from "../context";

export function RecordedBy({ className = "" }: { className?: string }) {
  const attendees = useCall((state) => state.attendees);
  const people = useRoom((state) => state.people);
  const names = attendees
    .filter(({ recording, self }) => recording && !self)
    .map(({ member }) => apart(shownName(people.find(({ id }) => id === member)?.name)));
  if (names.length === 0) return null;
  return (
    <p className={`flex items-center gap-2 text-[0.867rem] ${className}`}>
      <Circle aria-hidden className="size-3 shrink-0 fill-bad text-bad" />
      Recorded by {new Intl.ListFormat("en").format(new Set(names))}.
    </p>
  );
}
