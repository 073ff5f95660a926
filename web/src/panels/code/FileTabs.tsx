/** The files of the document, side by side above the text. */
import { Copy, Download } from "lucide-react";
import { toast } from "sonner";
import type { DocView } from "../../engine";
import { copyText } from "../../shared/clipboard";
import { apart } from "../../shared/names";
import type { OrderedIndex } from "../../shared/orderedIndex";
import { MenuItem } from "../../ui/Menu";
import { TabStrip } from "../../ui/strip/TabStrip";
import { FILE_NAME, FILES, freeName, textOf, type File } from "./files";
import { languageOf } from "./languages";
import { usePeopleInFiles } from "./usePeopleInFiles";
import { PeopleInFile } from "./PeopleInFile";

interface FileTabsProps {
  view: DocView;
  index: OrderedIndex;
  files: readonly File[];
  current: File;
  writable: boolean;
  /** Shows a file and leaves the focus where it is. */
  onOpen: (id: string) => void;
  /** Shows a file and goes into it. */
  onEnter: (id: string) => void;
}

export function FileTabs({ view, index, files, current, writable, onOpen, onEnter }: FileTabsProps) {
  const people = usePeopleInFiles(view);
  const add = () => {
    const id = index.add(freeName(files, "untitled.js"));
    if (id === undefined) toast(`A room has at most ${FILES} files. Delete one to make room.`);
    else onOpen(id);
    return id;
  };
  const remove = (id: string) => {
    const name = files.find((file) => file.id === id)?.name ?? "";
    const undo = index.remove(id);
    toast(`“${apart(name)}” is deleted.`, {
      action: {
        label: "Undo",
        onClick: () => {
          undo?.();
          onOpen(id);
        },
      },
    });
  };
  return (
    <TabStrip
      label="Files"
      one="file"
      entries={files}
      current={current.id}
      writable={writable}
      nameLength={FILE_NAME}
      onOpen={onOpen}
      onEnter={onEnter}
      onAdd={add}
      onRename={(id, name) => index.rename(id, name)}
      onMove={(id, to) => index.move(id, to)}
      onRemove={remove}
      title={({ name }) => languageOf(name)?.name ?? "Plain text"}
      selected={stemLength}
      before={({ name }) => <Sign name={name} />}
      after={({ id }) => <PeopleInFile people={people.get(id) ?? []} />}
      menuLabel={`What to do with ${apart(current.name)}`}
      menu={
        <>
          <MenuItem icon={<Copy />} onSelect={() => void copyAll(view, current)}>
            Copy all
          </MenuItem>
          <MenuItem icon={<Download />} onSelect={() => download(view, current)}>
            Download
          </MenuItem>
        </>
      }
    />
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

function stemLength(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? dot : name.length;
}

async function copyAll(view: DocView, file: File): Promise<void> {
  const copied = await copyText(textOf(view.doc, file.id).toJSON());
  if (copied) toast(`“${apart(file.name)}” is copied.`);
}

function download(view: DocView, file: File): void {
  const url = URL.createObjectURL(new Blob([textOf(view.doc, file.id).toJSON()], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(url);
}
