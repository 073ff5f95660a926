/** A page as a list instead of a drawing: what is on it, by whom, and a way to delete it. */
import { Trash2 } from "lucide-react";
import { type FocusEvent, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import type { DocView, Person } from "../../engine";
import { count } from "../../shared/format";
import { useRoom, useSession } from "../../session/context";
import type { RoomSession } from "../../session/session";
import { Button, IconButton } from "../../ui/Button";
import { Confirm } from "../../ui/Modal";
import { Notice } from "../../ui/Notice";
import { ELEMENTS, LETTERS, POINTS } from "./codec/limits";
import { type Amount, type Bulk, isTooMuch } from "./model/bulk";
import { Files } from "./model/files";
import { type Flaw, type Item, itemsOf, removed } from "./model/inventory";

interface PageListProps {
  view: DocView;
  page: string;
  bulk: Bulk;
  writes: boolean;
  onDraw: () => void;
}

/** Rows at once: more are a button away, and none is too many for the browser. */
const ROWS = 200;
const EVERYONE = "everyone";

const NAMES: Readonly<Record<string, string>> = {
  rectangle: "Rectangle",
  diamond: "Diamond",
  ellipse: "Ellipse",
  text: "Text",
  line: "Line",
  arrow: "Arrow",
  freedraw: "Drawn by hand",
  image: "Picture",
  frame: "Frame",
};
const FLAWS: Readonly<Record<Flaw, string>> = {
  unreadable: "Not shown: larger or further away than a board can be, or damaged",
  outline: "Shown as an outline: its pattern has too many lines",
  picture: "Not shown: too large, or a kind of picture that no board opens",
};

export function PageList({ view, page, bulk, writes, onDraw }: PageListProps) {
  const total = useSyncExternalStore(bulk.subscribe, bulk.total);
  const map = view.doc.getMap(`page/${page}`);
  const items = useMemo(() => {
    const files = new Files(view.doc);
    return itemsOf(map, total, (file) => files.isRefused(file));
  }, [view, map, total]);
  // When a person comes, what they wrote gets their name.
  const people = useRoom((state) => state.people);
  const { room } = useSession();
  const authors = useMemo(() => authorsOf(items, room, people), [items, room, people]);
  const [author, setAuthor] = useState(EVERYONE);
  const [rows, setRows] = useState(ROWS);
  const [asking, setAsking] = useState(false);
  const list = useRef<HTMLUListElement>(null);

  const wanted = authors.some(({ id }) => id === author) ? author : EVERYONE;
  const shown = wanted === EVERYONE ? items : items.filter((item) => authorOf(item, room) === wanted);
  const nameOf = (item: Item) => authors.find(({ id }) => id === authorOf(item, room))?.name ?? "Somebody";

  const remove = (these: readonly Item[]) => {
    const undo = removed(
      view.doc,
      map,
      these.map(({ id }) => id),
    );
    const what = these.length === 1 && these[0] ? titleOf(these[0]) : count(these.length, "element");
    toast(`${what} deleted`, { action: { label: "Undo", onClick: undo } });
  };
  const removeRow = (item: Item, at: number) => {
    remove([item]);
    // The row that takes its place, or the last there is.
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll("button");
      buttons?.[Math.min(at, buttons.length - 1)]?.focus();
    });
  };

  return (
    <div className="flex h-full min-h-0 flex-col" aria-label="What is on this page" role="group">
      <div className="shrink-0 space-y-3 border-b border-line p-4">
        <Summary total={total} writes={writes} onDraw={onDraw} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <label className="flex items-center gap-2 text-[0.867rem] text-soft">
            Last changed by
            <select
              value={wanted}
              onChange={(event) => {
                setAuthor(event.target.value);
                setRows(ROWS);
              }}
              className="h-8 max-w-56 rounded-lg border border-edge bg-raised px-2 text-ink"
            >
              <option value={EVERYONE}>everyone ({items.length.toLocaleString("en")})</option>
              {authors.map(({ id, name, items: theirs }) => (
                <option key={id} value={id}>
                  {name} ({theirs.toLocaleString("en")})
                </option>
              ))}
            </select>
          </label>
          {writes && shown.length > 0 && (
            <Button small onClick={() => setAsking(true)}>
              <Trash2 aria-hidden className="size-4" />
              {shown.length === 1 ? "Delete this one…" : `Delete these ${shown.length.toLocaleString("en")}…`}
            </Button>
          )}
        </div>
      </div>
      {shown.length === 0 && <p className="p-6 text-center text-soft">There is nothing on this page.</p>}
      <ul
        ref={list}
        aria-label="Elements"
        className="min-h-0 flex-1 overflow-y-auto px-2 py-1"
        onFocus={intoView}
      >
        {shown.slice(0, rows).map((item, at) => (
          <Row
            key={item.id}
            item={item}
            author={nameOf(item)}
            onRemove={writes ? () => removeRow(item, at) : undefined}
          />
        ))}
        {shown.length > rows && (
          <li className="p-3 text-center">
            <Button small onClick={() => setRows(rows + ROWS)}>
              Show {Math.min(ROWS, shown.length - rows)} more of {(shown.length - rows).toLocaleString("en")}
            </Button>
          </li>
        )}
      </ul>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${count(shown.length, "element")}?`}
        about={
          wanted === EVERYONE
            ? "The page will be empty for everybody. For a moment you can undo it."
            : "They will be gone for everybody. For a moment you can undo it."
        }
        action="Delete"
        danger
        onConfirm={() => remove(shown)}
      />
    </div>
  );
}

function Summary({ total, writes, onDraw }: { total: Amount; writes: boolean; onDraw: () => void }) {
  const draw = (
    <Button small kind="primary" onClick={onDraw}>
      Show the drawing
    </Button>
  );
  if (!isTooMuch(total))
    return <Notice action={draw}>{`${count(total.entries, "element")} on this page.`}</Notice>;
  return (
    <Notice tone="warn">
      <p className="font-medium">This page has too much on it to be drawn, so here it is as a list.</p>
      <p className="mt-0.5 text-soft">
        {excess(total)}{" "}
        {writes
          ? "Delete what is not needed, the largest come first; then it can be drawn again."
          : "Somebody who can write here can delete what is not needed."}
      </p>
    </Notice>
  );
}

function Row({ item, author, onRemove }: { item: Item; author: string; onRemove: (() => void) | undefined }) {
  const title = titleOf(item);
  return (
    <li className="flex items-center gap-3 rounded-lg px-2 py-1.5 hover:bg-hover">
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <span className="font-medium">{title}</span>
          {item.words !== "" && <bdi className="text-soft"> · {item.words}</bdi>}
        </p>
        {item.flaw && <p className="text-[0.8rem] text-warn">{FLAWS[item.flaw]}</p>}
      </div>
      <span className="shrink-0 text-[0.867rem] text-soft tabular-nums">{sizeOf(item)}</span>
      <bdi className="w-28 shrink-0 truncate text-[0.867rem] text-soft" title={author}>
        {author}
      </bdi>
      {onRemove && (
        <IconButton label={`Delete: ${title}, ${sizeOf(item)}`} className="size-8!" onClick={onRemove}>
          <Trash2 />
        </IconButton>
      )}
    </li>
  );
}

function titleOf({ kind }: Item): string {
  return (kind === undefined ? undefined : NAMES[kind]) ?? "Something unknown";
}

function sizeOf({ amount, width, height }: Item): string {
  if (amount.points >= 2) return count(Math.round(amount.points), "point");
  if (amount.letters > 0) return count(amount.letters, "letter");
  return `${whole(width)} × ${whole(height)}`;
}

const whole = (edge: number) => Math.round(Math.abs(edge)).toLocaleString("en");

/** The kind of cost that is too high. */
function excess({ entries, points, letters }: Amount): string {
  const most = (limit: number) => `a page is drawn with up to ${limit.toLocaleString("en")}.`;
  if (entries > ELEMENTS) return `It has ${count(entries, "element")}; ${most(ELEMENTS)}`;
  if (points > POINTS) return `Its lines have ${count(Math.round(points), "point")}; ${most(POINTS)}`;
  if (letters > LETTERS) return `Its texts have ${count(letters, "letter")}; ${most(LETTERS)}`;
  return "Its lines are longer, or denser, than can be drawn without the page standing still.";
}

function intoView({ target }: FocusEvent<HTMLElement>): void {
  target.closest("li")?.scrollIntoView({ block: "nearest" });
}

/** The person, or the page that nobody is known for. */
function authorOf({ client }: Item, room: RoomSession["room"]): string {
  return (client === undefined ? undefined : room.author(client)) ?? "unknown";
}

function authorsOf(
  items: readonly Item[],
  room: RoomSession["room"],
  people: readonly Person[],
): { id: string; name: string; items: number }[] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const id = authorOf(item, room);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .map(([id, its]) => ({
      id,
      name: people.find((person) => person.id === id)?.name ?? "somebody who left",
      items: its,
    }))
    .sort((a, b) => b.items - a.items || (a.id < b.id ? -1 : 1));
}
