/** The pages of the board as tabs: choose, add, rename, move, delete. */
import { ArrowLeft, ArrowRight, EllipsisVertical, Pencil, Plus, Trash2 } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { apart } from "../../shared/names";
import { IconButton } from "../../ui/Button";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import type { Page } from "./model/pages";
import { PageName } from "./PageName";

interface PageStripProps {
  pages: readonly Page[];
  current: string;
  /** Without the right to write, pages are only chosen. */
  writes: boolean;
  onChoose: (id: string) => void;
  onAdd: () => void;
  onRename: (id: string, name: string) => void;
  onMove: (id: string, to: number) => void;
  onRemove: (id: string) => void;
}

/** As the files of the panel *Code*, which stand at the same place. */
const tab =
  "h-full max-w-48 shrink-0 truncate px-3.5 text-[0.867rem] text-soft -outline-offset-2 transition-colors " +
  "hover:text-ink aria-selected:text-ink aria-selected:shadow-[inset_0_-2px_var(--accent)]";

export function PageStrip(props: PageStripProps) {
  const { pages, current, writes, onChoose, onAdd, onRename, onMove, onRemove } = props;
  const [renaming, setRenaming] = useState<string>();
  const [target, setTarget] = useState<number>();
  const dragged = useRef<string>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const at = pages.findIndex(({ id }) => id === current);

  const choose = (id: string | undefined) => {
    if (id === undefined) return;
    onChoose(id);
    list.current?.querySelector<HTMLElement>(`[data-page="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = writes && event.altKey ? moves(event.key) : choices(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const choices = (key: string): (() => void) | undefined =>
    ({
      ArrowLeft: () => choose(pages[at - 1]?.id),
      ArrowRight: () => choose(pages[at + 1]?.id),
      Home: () => choose(pages[0]?.id),
      End: () => choose(pages.at(-1)?.id),
      ...(writes && { F2: () => setRenaming(current), Delete: () => onRemove(current) }),
    })[key];
  const moves = (key: string): (() => void) | undefined =>
    ({
      ...(at > 0 && { ArrowLeft: () => onMove(current, at - 1) }),
      ...(at < pages.length - 1 && { ArrowRight: () => onMove(current, at + 1) }),
    })[key];
  const drop = (event: DragEvent, to: number) => {
    event.preventDefault();
    if (dragged.current !== undefined) onMove(dragged.current, to);
    dragged.current = undefined;
    setTarget(undefined);
  };

  return (
    <div className="flex h-10 shrink-0 items-center border-b border-line pr-2">
      <div
        ref={list}
        role="tablist"
        aria-label="Pages"
        onKeyDown={onKeyDown}
        className="flex h-full min-w-0 items-center overflow-x-auto [scrollbar-width:none]"
      >
        {pages.map(({ id, name }, place) =>
          renaming === id ? (
            <PageName
              key={id}
              name={name}
              onDone={(next) => {
                setRenaming(undefined);
                if (next !== undefined) onRename(id, next);
                requestAnimationFrame(() => choose(id));
              }}
            />
          ) : (
            <button
              key={id}
              type="button"
              role="tab"
              data-page={id}
              aria-selected={id === current}
              tabIndex={id === current ? 0 : -1}
              title={writes ? `${apart(name)} · F2 renames, Alt and an arrow key move` : name}
              className={`${tab} ${target === place ? "outline-2 outline-accent" : ""}`}
              draggable={writes}
              onClick={() => onChoose(id)}
              onDoubleClick={() => writes && setRenaming(id)}
              onDragStart={() => (dragged.current = id)}
              onDragEnd={() => setTarget(undefined)}
              onDragOver={(event) => {
                if (dragged.current === undefined) return;
                event.preventDefault();
                setTarget(place);
              }}
              onDrop={(event) => drop(event, place)}
            >
              {name}
            </button>
          ),
        )}
      </div>
      {writes && (
        <>
          <IconButton label="Add a page" className="mx-1 size-7! rounded-md" onClick={onAdd}>
            <Plus />
          </IconButton>
          <PageMenu
            onRename={() => setRenaming(current)}
            onLeft={at > 0 ? () => onMove(current, at - 1) : undefined}
            onRight={at < pages.length - 1 ? () => onMove(current, at + 1) : undefined}
            onRemove={() => onRemove(current)}
          />
        </>
      )}
    </div>
  );
}

interface PageMenuProps {
  onRename: () => void;
  onLeft: (() => void) | undefined;
  onRight: (() => void) | undefined;
  onRemove: () => void;
}

function PageMenu({ onRename, onLeft, onRight, onRemove }: PageMenuProps) {
  const renaming = useRef(false);
  return (
    <Menu
      // The name's field takes the focus that the menu would give back.
      onClosed={(event) => {
        if (renaming.current) event.preventDefault();
        renaming.current = false;
      }}
      items={
        <>
          <MenuItem
            icon={<Pencil />}
            keys="F2"
            onSelect={() => {
              renaming.current = true;
              onRename();
            }}
          >
            Rename
          </MenuItem>
          <MenuItem
            icon={<ArrowLeft />}
            keys="Alt ←"
            disabled={onLeft === undefined}
            onSelect={() => onLeft?.()}
          >
            Move left
          </MenuItem>
          <MenuItem
            icon={<ArrowRight />}
            keys="Alt →"
            disabled={onRight === undefined}
            onSelect={() => onRight?.()}
          >
            Move right
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Trash2 />} keys="Del" danger onSelect={onRemove}>
            Delete
          </MenuItem>
        </>
      }
    >
      <IconButton label="What to do with this page" className="ml-auto size-7! rounded-md">
        <EllipsisVertical />
      </IconButton>
    </Menu>
  );
}
