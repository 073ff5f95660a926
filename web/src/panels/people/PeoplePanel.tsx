/** The members of the room, and how each is reached. */
import { Pencil } from "lucide-react";
import { useState } from "react";
import type { Person } from "../../engine";
import { useRoom, useSession } from "../../session/context";
import { writes } from "../../session/rights";
import { rightsOf } from "../../shared/format";
import { apart, cleanName, NAME, shownName, shownTitle, tooLong, UNSEEN_NAME } from "../../shared/names";
import { useSheet } from "../../session/sheets";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { KeyMark } from "../../session/KeyMark";
import { Modal } from "../../ui/Modal";
import { Reach } from "../../ui/Reach";

export function PeoplePanel() {
  const people = useRoom((state) => state.people);
  const [renaming, setRenaming] = useState(false);
  useSheet("people", () => (
    <ul>
      {ordered(people).map(({ id, name, role }) => (
        <li key={id}>
          <bdi>{shownName(name)}</bdi> ({rightsOf(role)})
        </li>
      ))}
    </ul>
  ));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-3 py-2 max-[899px]:bg-ground">
      <ul>
        {ordered(people).map((person) => (
          <Row key={person.id} person={person} onRename={() => setRenaming(true)} />
        ))}
      </ul>
      {people.length < 2 && (
        <p className="mt-3 px-2 text-[0.867rem] text-soft">
          Only you, so far. Send someone a link: whoever opens it appears here.
        </p>
      )}
      {renaming && <Rename onClose={() => setRenaming(false)} />}
    </div>
  );
}

/** Oneself first, then those who are here, then by name. */
function ordered(people: readonly Person[]): Person[] {
  const rank = (person: Person) => (person.self ? 0 : person.path === "offline" ? 2 : 1);
  return [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function Row({ person, onRename }: { person: Person; onRename: () => void }) {
  const away = !person.self && person.path === "offline";
  return (
    <li className="group flex min-h-13 items-center gap-3 rounded-lg px-2 py-1.5" data-person={person.id}>
      <Face person={person} away={away} />
      <div className="min-w-0 flex-1 leading-snug">
        <p className="flex items-baseline gap-1.5">
          <bdi className="truncate font-medium">{shownName(person.name)}</bdi>
          <KeyMark member={person.id} />
          {person.self && <span className="text-[0.867rem] text-soft">(you)</span>}
        </p>
        <p className="truncate text-[0.8rem] text-soft">{rightsOf(person.role)}</p>
      </div>
      {person.self ? (
        <IconButton label="Change your own name" className="opacity-60 hover:opacity-100" onClick={onRename}>
          <Pencil />
        </IconButton>
      ) : (
        <Reach state={person.path} />
      )}
    </li>
  );
}

/** A click on the face of someone who writes follows them through the code. */
function Face({ person, away }: { person: Person; away: boolean }) {
  const session = useSession();
  const followed = useRoom(
    (state) => state.followed?.member === person.id && state.followed.panel === "code",
  );
  const avatar = <Avatar name={person.name} color={person.color} faded={away} />;
  if (person.self || away || !writes(person.role)) return avatar;
  return (
    <button
      type="button"
      aria-label={`Follow ${apart(shownName(person.name))} in the code`}
      title={followed ? "Stop following" : "Follow in the code"}
      aria-pressed={followed}
      className="rounded-full outline-accent aria-pressed:outline-2 aria-pressed:outline-offset-2"
      onClick={() => (followed ? session.unfollow() : session.follow(person.id, "code"))}
    >
      {avatar}
    </button>
  );
}

function Rename({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const own = useRoom((state) => state.people.find((person) => person.self)?.name) ?? "";
  const [name, change] = useState(own);
  const clean = cleanName(name);
  const unfit = clean === "" || tooLong(name, NAME) !== undefined;
  return (
    <Modal
      open
      onOpenChange={onClose}
      title="Change your name"
      about={`Everyone in ${apart(shownTitle(session.room.title))} sees it.`}
    >
      <form
        className="mt-5 space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (unfit) return;
          session.rename(clean);
          onClose();
        }}
      >
        <Field
          autoFocus
          label="Your name"
          value={name}
          most={NAME}
          problem={name.trim() !== "" && clean === "" ? UNSEEN_NAME : undefined}
          onChange={(event) => change(event.target.value)}
        />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" disabled={unfit}>
            Change name
          </Button>
        </div>
      </form>
    </Modal>
  );
}
