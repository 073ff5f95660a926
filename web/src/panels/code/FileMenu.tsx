/** What can be done with the open file. */
import { ArrowLeft, ArrowRight, Copy, Download, EllipsisVertical, Pencil, Trash2 } from "lucide-react";
import { useRef } from "react";
import { toast } from "sonner";
import type { DocView } from "../../engine";
import { copyText } from "../../shared/clipboard";
import { apart } from "../../shared/names";
import { IconButton } from "../../ui/Button";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { textOf, type File } from "./files";

interface FileMenuProps {
  file: File;
  view: DocView;
  writable: boolean;
  onRename: () => void;
  onMove: (by: number) => void;
  canMove: (by: number) => boolean;
  /** Absent for the only file. */
  onDelete: (() => void) | undefined;
}

export function FileMenu({ file, view, writable, onRename, onMove, canMove, onDelete }: FileMenuProps) {
  // The field of the name takes the focus then.
  const renaming = useRef(false);
  const closed = (event: Event) => {
    if (renaming.current) event.preventDefault();
    renaming.current = false;
  };
  const rename = () => {
    renaming.current = true;
    onRename();
  };
  return (
    <Menu
      onClosed={closed}
      items={
        <>
          <MenuItem icon={<Copy />} onSelect={() => void copyAll(view, file)}>
            Copy all
          </MenuItem>
          <MenuItem icon={<Download />} onSelect={() => download(view, file)}>
            Download
          </MenuItem>
          {writable && (
            <>
              <MenuLine />
              <MenuItem icon={<Pencil />} keys="F2" onSelect={rename}>
                Rename
              </MenuItem>
              {canMove(-1) && (
                <MenuItem icon={<ArrowLeft />} onSelect={() => onMove(-1)}>
                  Move left
                </MenuItem>
              )}
              {canMove(1) && (
                <MenuItem icon={<ArrowRight />} onSelect={() => onMove(1)}>
                  Move right
                </MenuItem>
              )}
              {onDelete && (
                <MenuItem danger icon={<Trash2 />} keys="Del" onSelect={onDelete}>
                  Delete
                </MenuItem>
              )}
            </>
          )}
        </>
      }
    >
      <IconButton label={`What to do with ${apart(file.name)}`} className="size-7! rounded-md">
        <EllipsisVertical />
      </IconButton>
    </Menu>
  );
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
