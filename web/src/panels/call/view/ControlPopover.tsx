/** A button among the call's controls that opens a small window above itself. */
import type { LucideIcon } from "lucide-react";
import { Popover } from "radix-ui";
import { useState, type ReactNode } from "react";

interface ControlPopoverProps {
  label: string;
  /** The window's name, where it is another than the button's. */
  title?: string;
  icon: LucideIcon;
  className: string;
  /** Gets the function that closes the window. */
  children: (close: () => void) => ReactNode;
}

export function ControlPopover({
  label,
  title = label,
  icon: Icon,
  className,
  children,
}: ControlPopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        type="button"
        aria-label={label}
        title={label}
        data-look="plain"
        className="call-control"
      >
        <Icon aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={title}
          side="top"
          sideOffset={6}
          collisionPadding={8}
          className={`call-popover ${className}`}
        >
          {children(() => setOpen(false))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
