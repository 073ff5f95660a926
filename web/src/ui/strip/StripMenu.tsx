/** The menu of the open tab. */
import { ArrowLeft, ArrowRight, EllipsisVertical, Pencil, Trash2 } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { option } from "../../shared/keyboard";
import { IconButton } from "../Button";
import { Menu, MenuItem, MenuLine } from "../Menu";

interface StripMenuProps {
  label: string;
  extra: ReactNode;
  writable: boolean;
  onRename: () => void;
  /** Absent where there is nowhere to go. */
  onLeft: (() => void) | undefined;
  onRight: (() => void) | undefined;
  /** Absent for the only one. */
  onRemove: (() => void) | undefined;
}

export function StripMenu({ label, extra, writable, onRename, onLeft, onRight, onRemove }: StripMenuProps) {
  // The field of the name takes the focus that the menu would give back.
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
          {extra}
          {writable && (
            <>
              {extra !== undefined && <MenuLine />}
              <MenuItem icon={<Pencil />} keys="F2" onSelect={rename}>
                Rename
              </MenuItem>
              {onLeft && (
                <MenuItem icon={<ArrowLeft />} keys={`${option} ←`} onSelect={onLeft}>
                  Move left
                </MenuItem>
              )}
              {onRight && (
                <MenuItem icon={<ArrowRight />} keys={`${option} →`} onSelect={onRight}>
                  Move right
                </MenuItem>
              )}
              {onRemove && (
                <MenuItem danger icon={<Trash2 />} keys="Del" onSelect={onRemove}>
                  Delete
                </MenuItem>
              )}
            </>
          )}
        </>
      }
    >
      <IconButton label={label} className="size-7! rounded-md">
        <EllipsisVertical />
      </IconButton>
    </Menu>
  );
}
