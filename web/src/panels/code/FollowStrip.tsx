/** Shows whom one follows, with a button that ends it. */
import { shownName } from "../../shared/names";
import { useRoom } from "../../session/context";
import { Button } from "../../ui/Button";

interface FollowStripProps {
  member: string;
  /** Whether they are in the code. */
  found: boolean;
  onStop: () => void;
}

export function FollowStrip({ member, found, onStop }: FollowStripProps) {
  const person = useRoom((state) => state.people.find(({ id }) => id === member));
  if (!person) return null;
  return (
    <div
      className="pointer-events-none absolute inset-0 z-10 border-2"
      style={{ borderColor: person.color }}
      data-following={member}
    >
      <div
        role="status"
        className="pointer-events-auto absolute bottom-4 left-1/2 flex -translate-x-1/2 items-center gap-2 rounded-full border border-line bg-raised py-1 pr-1 pl-3.5 text-[0.867rem] whitespace-nowrap shadow-[0_8px_28px_-8px_var(--shadow)]"
      >
        <span aria-hidden className="size-2.5 rounded-full" style={{ backgroundColor: person.color }} />
        <span>
          Following <bdi>{shownName(person.name)}</bdi>
          {!found && <span className="text-soft">, who is elsewhere</span>}
        </span>
        <Button kind="quiet" small className="h-7! rounded-full" onClick={onStop}>
          Stop
        </Button>
      </div>
    </div>
  );
}
