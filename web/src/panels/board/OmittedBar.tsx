/** Says above the drawing what of the page is not drawn as it was made, and leads to the list of it. */
import { Info } from "lucide-react";
import { count } from "../../shared/format";
import { Button } from "../../ui/Button";
import type { Omitted } from "./adapter/session";

export function OmittedBar({ omitted, onList }: { omitted: Omitted; onList: () => void }) {
  const { outlines, pictures, skipped } = omitted;
  const parts = [
    ...(outlines > 0
      ? [`${count(outlines, "element")} as ${outlines === 1 ? "an outline" : "outlines"}`]
      : []),
    ...(pictures > 0 ? [`${count(pictures, "picture")} left out`] : []),
    ...(skipped > 0 ? [`${count(skipped, "element")} not shown`] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-3 border-b border-line bg-track px-3 py-1.5 text-[0.867rem]"
    >
      <Info aria-hidden className="size-4 shrink-0 text-soft" />
      <p className="min-w-0 flex-1 text-soft">Not drawn as made: {parts.join(", ")}.</p>
      <Button small className="h-7!" onClick={onList}>
        See which
      </Button>
    </div>
  );
}
