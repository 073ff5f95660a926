/** For screen readers: who came into the call and who left it. */
import { useEffect, useRef, useState } from "react";
import { useSession } from "../../../session/context";
import { apart, shownName } from "../../../shared/names";
import { useCall } from "../context";

export function Announcer() {
  const session = useSession();
  const attendees = useCall((state) => state.attendees);
  const before = useRef(attendees);
  const [said, say] = useState("");

  useEffect(() => {
    const nameOf = (member: string) => apart(shownName(session.person(member)?.name));
    const without = (all: typeof attendees, others: typeof attendees) =>
      all.filter(({ client }) => !others.some((other) => other.client === client));
    const came = without(attendees, before.current).map(({ member }) => `${nameOf(member)} is in the call.`);
    const left = without(before.current, attendees).map(({ member }) => `${nameOf(member)} left the call.`);
    before.current = attendees;
    const text = [...came, ...left].join(" ");
    if (text === "") return;
    const timer = setTimeout(() => say(text));
    return () => clearTimeout(timer);
  }, [session, attendees]);

  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
