/** The pages of the board, side by side above the drawing. */
import { toast } from "sonner";
import { apart } from "../../shared/names";
import type { OrderedIndex } from "../../shared/orderedIndex";
import { TabStrip } from "../../ui/strip/TabStrip";
import { freeName, NAME, PAGES, type Page } from "./model/pages";

interface PageStripProps {
  index: OrderedIndex;
  pages: readonly Page[];
  current: Page;
  /** Without the right to write, pages are only chosen. */
  writable: boolean;
  onOpen: (id: string) => void;
}

export function PageStrip({ index, pages, current, writable, onOpen }: PageStripProps) {
  const add = () => {
    const id = index.add(freeName(pages));
    if (id === undefined) toast(`A board has at most ${PAGES} pages. Delete one to make room.`);
    else onOpen(id);
    // Its name is one that can stay.
    return undefined;
  };
  const remove = (id: string) => {
    const name = pages.find((page) => page.id === id)?.name ?? "Page";
    const undo = index.remove(id);
    if (undo) toast(`“${apart(name)}” was deleted`, { action: { label: "Undo", onClick: undo } });
  };
  return (
    <TabStrip
      label="Pages"
      one="page"
      entries={pages}
      current={current.id}
      writable={writable}
      nameLength={NAME}
      onOpen={onOpen}
      onAdd={add}
      onRename={(id, name) => index.rename(id, name)}
      onMove={(id, to) => index.move(id, to)}
      onRemove={remove}
      title={({ name }) => (writable ? `${apart(name)} · F2 renames, Alt and an arrow key move` : name)}
      menuLabel="What to do with this page"
    />
  );
}
