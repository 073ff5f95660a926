/** The name of a page while it is being changed. */
import { useEffect, useRef } from "react";
import { sayIfCut } from "../../ui/said";
import { NAME } from "./model/pages";

/** Told once: with the name, or with nothing when the person changed their mind. */
export function PageName({ name, onDone }: { name: string; onDone: (name?: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const finish = (next?: string) => {
    if (done.current) return;
    done.current = true;
    if (next !== undefined) sayIfCut(next, NAME);
    onDone(next);
  };
  useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      aria-label="Name of the page"
      defaultValue={name}
      dir="auto"
      size={Math.max(8, name.length)}
      autoComplete="off"
      className="h-8 shrink-0 rounded-md border border-accent bg-surface px-2.5 text-[0.867rem] font-medium outline-none"
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape") finish();
      }}
    />
  );
}
