/** Announces new messages to screen readers. The list itself announces nothing, since scrolling changes it. */
import { useEffect, useState } from "react";
import { useHere, useNames } from "./context";

/** The longest text that is announced of one message. */
const LENGTH = 200;
/** After this long the words are taken out again, so that nobody finds them a second time. */
const STAYS = 3_000;

export function Announcer() {
  const { chat } = useHere();
  const nameOf = useNames();
  const [message, setMessage] = useState<{ member: string; text: string; more: number }>();

  useEffect(
    () =>
      chat.came.listen((messages) => {
        const others = messages.filter(({ member }) => member !== chat.self);
        const last = others.at(-1);
        if (last) setMessage({ member: last.member, text: last.text, more: others.length - 1 });
      }),
    [chat],
  );
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => setMessage(undefined), STAYS);
    return () => clearTimeout(timer);
  }, [message]);

  return (
    <p aria-live="polite" className="sr-only" data-announcer>
      {message &&
        `${nameOf(message.member)}: ${message.text.slice(0, LENGTH)}${message.more > 0 ? `, and ${message.more} more` : ""}`}
    </p>
  );
}
