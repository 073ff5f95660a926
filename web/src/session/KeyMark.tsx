/** Beside a name that looks like somebody else's: a few digits of the person's key, which nobody can take over. */
import { useRoom } from "./context";

export function KeyMark({ member }: { member: string }) {
  const mark = useRoom((state) => state.marks.get(member));
  if (mark === undefined) return null;
  return (
    <span
      title="Somebody else’s name here looks the same. These digits are of this person’s key and stay with it: ask them which are theirs."
      className="shrink-0 rounded bg-warn-tint px-1 font-mono text-[0.733rem] text-warn"
    >
      {mark}
    </span>
  );
}
