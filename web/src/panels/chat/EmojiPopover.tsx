/** A button that opens the choice of all emoji, which is fetched only then. */
import { SmilePlus } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef, useState, type ReactNode, type RefObject } from "react";
import { part } from "../../ui/Part";

const EmojiPicker = part(() => import("./emoji/EmojiPicker"), {
  name: "The choice of emoji",
  waiting: <p className="p-4 text-soft animate-breathe">Fetching emoji…</p>,
});

interface EmojiPopoverProps {
  label?: string;
  className?: string;
  onOpenChange?: (open: boolean) => void;
  onPick: (emoji: string) => void;
  /** Where one goes on after picking; else it is the button. */
  backTo?: RefObject<HTMLElement | null>;
  /** Wraps the button, where it is part of something. */
  children?: (trigger: ReactNode) => ReactNode;
}

const look =
  "grid size-7 place-items-center rounded-md text-soft transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4 data-[state=open]:bg-hover";

export function EmojiPopover({
  label = "React with another emoji",
  className = look,
  onOpenChange,
  onPick,
  backTo,
  children = (trigger) => trigger,
}: EmojiPopoverProps) {
  const [open, setOpen] = useState(false);
  const picked = useRef(false);
  const change = (next: boolean) => {
    setOpen(next);
    if (next) picked.current = false;
    onOpenChange?.(next);
  };
  return (
    <Popover.Root open={open} onOpenChange={change}>
      {children(
        <Popover.Trigger type="button" aria-label={label} title={label} className={className}>
          <SmilePlus aria-hidden />
        </Popover.Trigger>,
      )}
      <Popover.Portal>
        <Popover.Content
          aria-label="Emoji"
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!picked.current || !backTo?.current) return;
            event.preventDefault();
            backTo.current.focus();
          }}
          className="z-50 h-[19rem] w-[17.5rem] max-w-[calc(100vw-1rem)] overflow-hidden rounded-xl border border-line bg-raised shadow-[0_18px_50px_-12px_var(--shadow)] animate-fade focus:outline-none"
        >
          <EmojiPicker
            onPick={(emoji) => {
              picked.current = true;
              change(false);
              onPick(emoji);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
