/** The line that says which part of the usual look a file lacks, and why. */
import { Palette } from "lucide-react";
import { COLORED, LINE, MARKED } from "../../shared/limits";
import type { Marked } from "./specialCharacters";
import type { Trouble } from "../../shared/weight";

const n = (count: number) => count.toLocaleString("en");

const reasons: Record<Trouble, string> = {
  size: `it has more than ${n(COLORED)} characters.`,
  line: `it has a line of more than ${n(LINE)} characters.`,
  depth: "brackets, tags or lists stand too deep in each other.",
  block: "a paragraph has so many marks that reading it would take too long.",
};

const hidden: Record<Exclude<Marked, "all">, string> = {
  turning: `More than ${n(MARKED)} characters here can’t be seen: only those that turn the direction of writing are marked.`,
  none: `More than ${n(MARKED)} characters here can’t be seen, and none of them are marked: what you read may stand elsewhere.`,
};

export interface Look {
  /** Why there are no colours; nothing where there are, or where there would be none anyway. */
  trouble: Trouble | undefined;
  marked: Marked;
}

export function ReducedViewStrip({ trouble, marked }: Look) {
  if (trouble === undefined && marked === "all") return null;
  return (
    <p
      role="status"
      className="flex shrink-0 items-start gap-2 border-b border-line px-5 py-2 text-[0.867rem] text-soft"
    >
      <Palette aria-hidden className="mt-[0.2rem] size-4 shrink-0" />
      <span>
        {trouble !== undefined && <>Colours are off in this file: {reasons[trouble]} </>}
        {marked !== "all" && hidden[marked]}
      </span>
    </p>
  );
}
