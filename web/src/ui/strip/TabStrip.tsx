/** A row of things of one kind, of which one is open: choose, add, rename, move, delete, by pointer and by keyboard. */
import { Plus } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import type { NameLength } from "../../shared/names";
import { IconButton } from "../Button";
import { StripMenu } from "./StripMenu";
import { Tab, type TabEntry } from "./Tab";

export interface TabStripProps {
  /** The name of the row: “Files”. */
  label: string;
  /** The noun for one tab in a sentence: “file”. */
  one: string;
  entries: readonly TabEntry[];
  /** The id of the one that is open. */
  current: string;
  /** Without it they are only chosen. */
  writable: boolean;
  nameLength: NameLength;
  /** Shows one and leaves the focus where it is. */
  onOpen: (id: string) => void;
  /** Shows one and goes into it, where that is more. */
  onEnter?: (id: string) => void;
  /** Makes one and opens it. Returns its id if its name is to be chosen at once. */
  onAdd: () => string | undefined;
  onRename: (id: string, name: string) => void;
  onMove: (id: string, to: number) => void;
  onRemove: (id: string) => void;
  title: (entry: TabEntry) => string;
  /** How much of a name is selected when it is changed; all of it by default. */
  selected?: (name: string) => number;
  /** Before the name, and behind it. */
  before?: (entry: TabEntry) => ReactNode;
  after?: (entry: TabEntry) => ReactNode;
  /** The menu of the open one: its button's label, and what else it has. */
  menuLabel: string;
  menu?: ReactNode;
}

export function TabStrip(props: TabStripProps) {
  const { label, one, entries, current, writable, onOpen, onEnter = onOpen, onMove, onRemove } = props;
  const [renaming, setRenaming] = useState<string>();
  /** The one that was just added: with its name, one goes into it. */
  const [fresh, setFresh] = useState<string>();
  const [dragged, setDragged] = useState<string>();
  const list = useRef<HTMLUListElement>(null);

  const at = (id: string) => entries.findIndex((entry) => entry.id === id);
  const focus = (id: string | undefined) =>
    list.current?.querySelector<HTMLElement>(`[data-tab="${id}"]`)?.focus();
  const go = (id: string | undefined) => {
    if (id === undefined) return;
    flushSync(() => onOpen(id));
    focus(id);
  };
  const add = () => {
    const id = props.onAdd();
    setRenaming(id);
    setFresh(id);
  };
  const renamed = (id: string, name: string | undefined, left: boolean) => {
    flushSync(() => {
      setRenaming(undefined);
      setFresh(undefined);
      if (name !== undefined) props.onRename(id, name);
    });
    // After a click elsewhere the focus is there already.
    if (left) return;
    if (fresh === id) onEnter(id);
    else focus(id);
  };
  const move = (id: string, by: number) => {
    flushSync(() => onMove(id, at(id) + by));
    focus(id);
  };
  const remove = (id: string) => {
    const neighbour = entries[at(id) + 1] ?? entries[at(id) - 1];
    flushSync(() => onRemove(id));
    if (id === current) go(neighbour?.id);
    else focus(neighbour?.id);
  };

  const actOf = (event: KeyboardEvent, id: string): (() => void) | undefined => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      if (event.altKey) return writable ? () => move(id, step) : undefined;
      return () => go(entries[at(id) + step]?.id);
    }
    return {
      Home: () => go(entries[0]?.id),
      End: () => go(entries.at(-1)?.id),
      Enter: () => onEnter(id),
      ...(writable && { F2: () => setRenaming(id) }),
      ...(writable && entries.length > 1 && { Delete: () => remove(id) }),
    }[event.key];
  };

  return (
    <nav aria-label={label} className="flex h-10 shrink-0 items-center border-b border-line pr-2">
      <ul ref={list} className="flex h-full min-w-0 overflow-x-auto [scrollbar-width:none]">
        {entries.map((entry) => (
          <Tab
            key={entry.id}
            {...props}
            entry={entry}
            open={entry.id === current}
            renaming={renaming === entry.id}
            dragged={dragged}
            onEnter={() => onEnter(entry.id)}
            onKeyDown={(event) => {
              const act = actOf(event, entry.id);
              if (!act) return;
              event.preventDefault();
              act();
            }}
            onRenaming={() => setRenaming(entry.id)}
            onRenamed={(name, left) => renamed(entry.id, name, left)}
            onDragged={setDragged}
            onDropped={(id, after) => {
              setDragged(undefined);
              onMove(id, placeBeside(entries, id, entry, after));
            }}
          />
        ))}
      </ul>
      {writable && (
        <IconButton label={`Add a ${one}`} className="mx-1 size-7! rounded-md" onClick={add}>
          <Plus />
        </IconButton>
      )}
      <span className="flex-1" />
      {(writable || props.menu !== undefined) && (
        <StripMenu
          label={props.menuLabel}
          extra={props.menu}
          writable={writable}
          onRename={() => setRenaming(current)}
          onLeft={at(current) > 0 ? () => onMove(current, at(current) - 1) : undefined}
          onRight={at(current) < entries.length - 1 ? () => onMove(current, at(current) + 1) : undefined}
          onRemove={entries.length > 1 ? () => onRemove(current) : undefined}
        />
      )}
    </nav>
  );
}

/** The index of a tab that is dropped before or after another. */
function placeBeside(entries: readonly TabEntry[], id: string, target: TabEntry, after: boolean): number {
  const others = entries.filter((entry) => entry.id !== id);
  return others.indexOf(target) + (after ? 1 : 0);
}
