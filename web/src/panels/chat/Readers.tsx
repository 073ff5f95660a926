/** Small faces at the last message that each of those here has read. */
import { useNames } from "./context";
import { Faces } from "./Faces";

export function Readers({ members }: { members: readonly string[] }) {
  const nameOf = useNames();
  const label = `Read by ${members.map(nameOf).join(", ")}`;
  return (
    <span role="img" aria-label={label} title={label} className="absolute right-1.5 bottom-1 animate-fade">
      <Faces tiny members={members} />
    </span>
  );
}
