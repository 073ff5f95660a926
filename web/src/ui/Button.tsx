/** Buttons: one that matters, quiet ones, and those that are only an icon. */
import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

type Kind = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Kind, string> = {
  primary: "bg-fill text-white hover:bg-fill-strong",
  plain: "bg-raised text-ink border border-edge hover:bg-hover",
  quiet: "text-soft hover:text-ink hover:bg-hover",
  danger: "bg-bad text-ground hover:opacity-90",
};

const base =
  "inline-flex shrink-0 items-center justify-center [&_svg]:shrink-0 gap-2 rounded-lg font-medium whitespace-nowrap select-none " +
  "transition-[background-color,color,opacity] duration-150 disabled:cursor-default disabled:opacity-55";

interface ButtonProps extends ComponentProps<"button"> {
  kind?: Kind;
  busy?: boolean;
  small?: boolean;
}

export function Button({
  kind = "plain",
  busy = false,
  small = false,
  className = "",
  ...rest
}: ButtonProps) {
  const size = small ? "h-8 px-3 text-[0.867rem]" : "h-10 px-4";
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      className={`${base} ${looks[kind]} ${size} ${className}`}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {rest.children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  children: ReactNode;
}

export function IconButton({ label, children, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={`${base} ${looks.quiet} size-9 [&_svg]:size-[1.15rem] ${className}`}
    >
      {children}
    </button>
  );
}
