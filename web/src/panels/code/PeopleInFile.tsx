/** The people in a file, on its tab; a click follows one. */
import type { Person } from "../../engine";
import { useSession } from "../../session/context";
import { inkOn } from "../../shared/color";
import { initial } from "../../shared/format";
import { apart, shownName } from "../../shared/names";

/** More people than this in one file are a number. */
const SHOWN = 4;

export function PeopleInFile({ people }: { people: readonly Person[] }) {
  return (
    <>
      {people.slice(0, SHOWN).map((person) => (
        <Dot key={person.id} person={person} />
      ))}
      {people.length > SHOWN && (
        <span className="ml-1 text-[0.7rem] text-soft">+{people.length - SHOWN}</span>
      )}
    </>
  );
}

function Dot({ person }: { person: Person }) {
  const session = useSession();
  const name = apart(shownName(person.name));
  return (
    <button
      type="button"
      aria-label={`Follow ${name}`}
      title={`${name} is here. Click to follow.`}
      style={{ backgroundColor: person.color, color: inkOn(person.color) }}
      className="ml-0.5 grid size-[1.15rem] shrink-0 place-items-center rounded-full text-[0.6rem] leading-none font-semibold"
      onClick={() => session.follow(person.id, "code")}
    >
      {initial(person.name)}
    </button>
  );
}
