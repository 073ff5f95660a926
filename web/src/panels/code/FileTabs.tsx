/** The files of the document, side by side above the text. */
import { Plus } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { toast } from "sonner";
import type { DocView } from "../../engine";
import { apart } from "../../shared/names";
import { IconButton } from "../../ui/Button";
import { addFile, deleteFile, FILES, freeName, moveFile, renameFile, restoreFile, type File } from "./files";
import { FileMenu } from "./FileMenu";
import { FileTab } from "./FileTab";
import { useWhereabouts } from "./useWhereabouts";

interface FileTabsProps {
  view: DocView;
  files: File[];
  current: File;
  writable: boolean;
  /** Shows a file and leaves the focus where it is. */
  onOpen: (id: string) => void;
  /** Shows a file and goes into it. */
  onEnter: (id: string) => void;
}

export function FileTabs({ view, files, current, writable, onOpen, onEnter }: FileTabsProps) {
  const { doc } = view;
  const [renaming, setRenaming] = useState<string>();
  /** The file that was just added: with its name, it is to be written in. */
  const [fresh, setFresh] = useState<string>();
  const [dragged, setDragged] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const people = useWhereabouts(view);

  const focusTab = (id: string) => list.current?.querySelector<HTMLElement>(`[data-file="${id}"]`)?.focus();
  const add = () => {
    if (files.length >= FILES) {
      toast(`A room has at most ${FILES} files. Delete one to make room.`);
      return;
    }
    const id = addFile(doc, freeName(files, "untitled.js"));
    onOpen(id);
    setRenaming(id);
    setFresh(id);
  };
  const remove = (file: File) => {
    deleteFile(doc, file.id);
    toast(`“${apart(file.name)}” is deleted.`, {
      action: {
        label: "Undo",
        onClick: () => {
          restoreFile(doc, file.id);
          onOpen(file.id);
        },
      },
    });
  };
  const renamed = (file: File, name: string | undefined, left: boolean) => {
    flushSync(() => {
      setRenaming(undefined);
      setFresh(undefined);
    });
    if (name !== undefined) renameFile(doc, file.id, name);
    // Whoever clicked elsewhere is there already.
    if (left) return;
    if (fresh === file.id) onEnter(file.id);
    else focusTab(file.id);
  };
  const step = (file: File, by: number) => files[files.indexOf(file) + by];

  const pressed = (event: KeyboardEvent, file: File) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = by === 0 ? undefined : step(file, by);
    if (by !== 0 && event.altKey) {
      if (writable) flushSync(() => moveFile(doc, file.id, files.indexOf(file) + by));
      focusTab(file.id);
    } else if (next) {
      flushSync(() => onOpen(next.id));
      focusTab(next.id);
    } else if (event.key === "Enter") onEnter(file.id);
    else if (writable && event.key === "F2") setRenaming(file.id);
    else if (writable && event.key === "Delete" && files.length > 1) {
      const neighbour = step(file, 1) ?? step(file, -1);
      flushSync(() => remove(file));
      if (neighbour) focusTab(neighbour.id);
    } else if (by === 0) return;
    event.preventDefault();
  };

  return (
    <nav aria-label="Files" className="flex h-10 shrink-0 items-center border-b border-line pr-2">
      <ul ref={list} className="flex h-full min-w-0 overflow-x-auto [scrollbar-width:none]">
        {files.map((file) => (
          <FileTab
            key={file.id}
            file={file}
            open={file === current}
            people={people.get(file.id) ?? []}
            renaming={renaming === file.id}
            movable={writable}
            dragged={dragged}
            onEnter={() => onEnter(file.id)}
            onKeyDown={(event) => pressed(event, file)}
            onRename={writable ? () => setRenaming(file.id) : undefined}
            onRenamed={(name, left) => renamed(file, name, left)}
            onDragged={setDragged}
            onDropped={(id, after) => {
              setDragged(undefined);
              moveFile(doc, id, placeBeside(files, id, file, after));
            }}
          />
        ))}
      </ul>
      {writable && (
        <IconButton label="Add a file" className="mx-1 size-7! rounded-md" onClick={add}>
          <Plus />
        </IconButton>
      )}
      <span className="flex-1" />
      <FileMenu
        file={current}
        view={view}
        writable={writable}
        onRename={() => setRenaming(current.id)}
        onMove={(by) => moveFile(doc, current.id, files.indexOf(current) + by)}
        canMove={(by) => step(current, by) !== undefined}
        onDelete={files.length > 1 ? () => remove(current) : undefined}
      />
    </nav>
  );
}

/** Where a file comes to stand that is dropped before or after another. */
function placeBeside(files: File[], id: string, target: File, after: boolean): number {
  const others = files.filter((file) => file.id !== id);
  return others.indexOf(target) + (after ? 1 : 0);
}
