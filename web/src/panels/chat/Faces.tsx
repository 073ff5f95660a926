/** Small faces of a few people, one over the edge of the next. */
import { inkOn } from "../../shared/color";
import { initial } from "../../shared/format";
import { useAuthor } from "./context";

/** Faces side by side; more people are only named. */
const FACES = 3;

export function Faces({ members, tiny = false }: { members: readonly string[]; tiny?: boolean }) {
  return (
    <span aria-hidden className="flex shrink-0 -space-x-1">
      {members.slice(0, FACES).map((member) => (
        <Face key={member} member={member} tiny={tiny} />
      ))}
    </span>
  );
}

function Face({ member, tiny }: { member: string; tiny: boolean }) {
  const { name, color } = useAuthor(member);
  return (
    <span
      style={{ backgroundColor: color, color: inkOn(color) }}
      className={`grid place-items-center rounded-full font-semibold ring-2 ring-surface ${tiny ? "size-4 text-[0.6rem]" : "size-5 text-[0.667rem]"}`}
    >
      {initial(name)}
    </span>
  );
}
