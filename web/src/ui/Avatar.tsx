/** A person's initial on the person's colour, which is the colour of their caret too. */
import { inkOn } from "../shared/color";
import { initial } from "../shared/format";

export function Avatar({ name, color, faded = false }: { name: string; color: string; faded?: boolean }) {
  return (
    <span
      aria-hidden
      style={{ backgroundColor: color, color: inkOn(color) }}
      className={`grid size-8 shrink-0 place-items-center rounded-full text-[0.867rem] font-semibold transition-opacity ${faded ? "opacity-45" : ""}`}
    >
      {initial(name)}
    </span>
  );
}
