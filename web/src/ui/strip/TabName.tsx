/** The field for a tab's name while it is being changed. */
import { useRef, useState } from "react";
import type { NameLength } from "../../shared/names";
import { warnIfCut } from "../warnIfCut";

interface TabNameProps {
  label: string;
  name: string;
  most: NameLength;
  /** So many letters are selected at first. */
  selected: number;
  /** Called once: without a name if the person cancelled; `left` if the focus is elsewhere already. */
  onDone: (name: string | undefined, left: boolean) => void;
}

export function TabName({ label, name, most, selected, onDone }: TabNameProps) {
  const [value, setValue] = useState(name);
  // Taking the field away takes its focus too, which must not count as a second answer.
  const done = useRef(false);
  const finish = (answer: string | undefined, left: boolean) => {
    if (done.current) return;
    done.current = true;
    if (answer !== undefined) warnIfCut(answer, most);
    onDone(answer, left);
  };
  return (
    <input
      autoFocus
      aria-label={label}
      value={value}
      dir="auto"
      spellCheck={false}
      autoComplete="off"
      size={Math.max(8, value.length)}
      onFocus={({ target }) => target.setSelectionRange(0, selected)}
      onChange={({ target }) => setValue(target.value)}
      onBlur={() => finish(value, true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        // The focus goes on to something that Enter would press.
        event.preventDefault();
        finish(event.key === "Enter" ? value : undefined, false);
      }}
      className="h-7 rounded-md border border-accent bg-raised px-1.5 text-[0.867rem] outline-none"
    />
  );
}
