/** The people who are typing, on a line that is always there, so that nothing moves. */
import { useNames, useHere } from "./context";
import { useSignal } from "./signal";

export function Typing() {
  const { live } = useHere().chat;
  useSignal(live.changed);
  const nameOf = useNames();
  const names = live.typing.map(nameOf);
  return (
    <p
      role="status"
      aria-label="Typing"
      className="flex h-5 shrink-0 items-center gap-2 px-4 text-[0.8rem] text-soft"
    >
      {names.length > 0 && (
        <>
          <span aria-hidden className="chat-typing flex gap-[3px]">
            <i />
            <i />
            <i />
          </span>
          <span className="truncate">{sentenceOf(names)}</span>
        </>
      )}
    </p>
  );
}

function sentenceOf(names: string[]): string {
  const [first = "", second = ""] = names;
  if (names.length === 1) return `${first} is typing…`;
  if (names.length === 2) return `${first} and ${second} are typing…`;
  return `${names.length} people are typing…`;
}
