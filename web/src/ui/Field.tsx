/** A text field with its label and, where there is one, a problem that is read out with it. */
import { useId, type ComponentProps } from "react";
import { tooLong, type NameLength } from "../shared/names";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  problem?: string | undefined;
  note?: string;
  /** The limit of a name. A longer one is left as it is and reported, since cutting disturbs a person who is typing. */
  most?: NameLength;
}

export const inputLook =
  "h-10 w-full min-w-0 rounded-lg border border-edge bg-raised px-3 text-ink transition-colors " +
  "hover:border-soft/60 focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent " +
  "aria-invalid:border-bad";

export function Field({ label, problem: given, note, most, className = "", ...rest }: FieldProps) {
  const id = useId();
  const hint = `${id}-hint`;
  const problem = given ?? (most && tooLong(String(rest.value), most));
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-[0.867rem] font-medium">
        {label}
        {note !== undefined && <span className="ml-2 font-normal text-soft">{note}</span>}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        dir={most && "auto"}
        {...rest}
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : hint}
        className={inputLook}
      />
      {problem !== undefined && (
        <p id={hint} role="alert" className="mt-1.5 text-[0.867rem] text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
