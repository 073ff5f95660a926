/** One file in the row: its language, its name, and who is in it. */
import { useRef, useState, type DragEvent, type KeyboardEvent } from "react";
import type { Person } from "../../engine";
import { inkOn } from "../../shared/color";
import { useSession } from "../../session/context";
import { initial } from "../../shared/format";
import { apart, shownName } from "../../shared/names";
import { sayIfCut } from "../../ui/said";
import { FILE_NAME, type File } from "./files";
import { languageOf } from "./languages";

interface FileTabProps {
  file: File;
  open: boolean;
  people: readonly Person[];
  renaming: boolean;
  movable: boolean;
  dragged: string | undefined;
  onEnter: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onRename: (() => void) | undefined;
  /** Without a name it stays as it was; `left` when the focus is elsewhere already. */
  onRenamed: (name: string | undefined, left: boolean) => void;
  onDragged: (id: string | undefined) => void;
  onDropped: (id: string, after: boolean) => void;
}

/** More people than this in one file are a number. */
const SHOWN = 4;

export function FileTab(props: FileTabProps) {
  const { file, open, people, renaming, movable, dragged, onDragged } = props;
  const [edge, setEdge] = useState<"before" | "after">();
  const over = (event: DragEvent) => {
    if (dragged === undefined || dragged === file.id) return;
    event.preventDefault();
    setEdge(isAfter(event) ? "after" : "before");
  };
  const drop = (event: DragEvent) => {
    if (dragged === undefined || dragged === file.id) return;
    event.preventDefault();
    setEdge(undefined);
    props.onDropped(dragged, isAfter(event));
  };
  return (
    <li
      className={`file-tab ${open ? "is-open" : ""}`}
      data-edge={edge}
      draggable={movable && !renaming}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", file.name);
        onDragged(file.id);
      }}
      onDragEnd={() => onDragged(undefined)}
      onDragOver={over}
      onDragLeave={() => setEdge(undefined)}
      onDrop={drop}
    >
      {renaming ? (
        <NameField name={file.name} onDone={props.onRenamed} />
      ) : (
        <button
          type="button"
          data-file={file.id}
          aria-current={open ? "true" : undefined}
          tabIndex={open ? 0 : -1}
          title={languageOf(file.name)?.name ?? "Plain text"}
          onClick={props.onEnter}
          onDoubleClick={props.onRename}
          onKeyDown={props.onKeyDown}
          className="file-name"
        >
          <Sign name={file.name} />
          <span dir="auto" className="max-w-48 truncate">
            {file.name}
          </span>
        </button>
      )}
      {people.slice(0, SHOWN).map((person) => (
        <Dot key={person.id} person={person} />
      ))}
      {people.length > SHOWN && (
        <span className="ml-1 text-[0.7rem] text-soft">+{people.length - SHOWN}</span>
      )}
    </li>
  );
}

/** The language in a few letters; plain text has none. */
function Sign({ name }: { name: string }) {
  const sign = languageOf(name)?.sign;
  return (
    sign !== undefined && (
      <span aria-hidden className="font-mono text-[0.65rem] font-semibold tracking-tight text-soft">
        {sign}
      </span>
    )
  );
}

/** Somebody in this file; a click follows them. */
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

interface NameFieldProps {
  name: string;
  onDone: FileTabProps["onRenamed"];
}

function NameField({ name, onDone }: NameFieldProps) {
  const [value, setValue] = useState(name);
  // Taking the field away takes its focus too, which must not count as a second answer.
  const done = useRef(false);
  const finish = (answer: string | undefined, left: boolean) => {
    if (done.current) return;
    done.current = true;
    if (answer !== undefined) sayIfCut(answer, FILE_NAME);
    onDone(answer, left);
  };
  return (
    <input
      autoFocus
      aria-label="Name of the file"
      value={value}
      dir="auto"
      spellCheck={false}
      autoComplete="off"
      size={Math.max(8, value.length)}
      onFocus={({ target }) => target.setSelectionRange(0, stemLength(name))}
      onChange={({ target }) => setValue(target.value)}
      onBlur={() => finish(value, true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        // The focus goes on to something that Enter would press.
        event.preventDefault();
        finish(event.key === "Enter" ? value : undefined, false);
      }}
      className="h-7 rounded-md border border-accent bg-raised px-1.5 text-[0.867rem] outline-none"
    />
  );
}

function stemLength(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? dot : name.length;
}

function isAfter({ currentTarget, clientX }: DragEvent): boolean {
  const { left, width } = currentTarget.getBoundingClientRect();
  return clientX > left + width / 2;
}
