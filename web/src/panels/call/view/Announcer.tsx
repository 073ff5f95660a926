/** For screen readers: who came into the call and who left it. */
import { useEffect, useState } from "react";
import type { Attendee } from "../../../engine";
import { useSession } from "../../../session/context";
import { apart, shownName } from "../../../shared/names";
import { useRoomCall } from "../context";

export function Announcer() {
  const session = useSession();
  const call = useRoomCall();
  const [said, say] = useState("");

  useEffect(() => {
    const nameOf = ({ member }: Attendee) => apart(shownName(session.person(member)?.name));
    return call.state.subscribe(({ attendees }, before) => {
      if (attendees === before.attendees) return;
      const came = without(attendees, before.attendees).map((each) => `${nameOf(each)} is in the call.`);
      const left = without(before.attendees, attendees).map((each) => `${nameOf(each)} left the call.`);
      if (came.length + left.length > 0) say([...came, ...left].join(" "));
    });
  }, [session, call]);

  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}

function without(all: readonly Attendee[], others: readonly Attendee[]): Attendee[] {
  return all.filter(({ client }) => !others.some((other) => other.client === client));
}
