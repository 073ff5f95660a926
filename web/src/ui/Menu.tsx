/** A menu that opens at its button: Radix does keys, focus and where there is room. */
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuProps {
  /** The button. */
  children: ReactNode;
  items: ReactNode;
  align?: "start" | "end";
  /** Where the focus goes when what was chosen took the button away. */
  onClosed?: ((event: Event) => void) | undefined;
}

export function Menu({ children, items, align = "end", onClosed }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...(onClosed && { onCloseAutoFocus: onClosed })}
          className="z-50 min-w-48 rounded-xl border border-line bg-raised p-1.5 text-[0.9rem] shadow-[0_12px_40px_-8px_var(--shadow)] animate-fade"
        >
          {items}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  /** A shortcut, shown at the end. */
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({
  icon,
  keys,
  danger = false,
  disabled = false,
  onSelect,
  children,
}: MenuItemProps) {
  return (
    <DropdownMenu.Item
      disabled={disabled}
      onSelect={onSelect}
      className={`flex cursor-default items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft ${danger ? "text-bad [&_svg]:text-bad" : ""}`}
    >
      {icon}
      <span className="flex-1">{children}</span>
      {keys !== undefined && <span className="text-[0.8rem] text-soft">{keys}</span>}
    </DropdownMenu.Item>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-1 my-1.5 h-px bg-line" />;
}
