/** Says above a panel that one may not write in it, and why. */
import { Eye } from "lucide-react";
import type { ReadOnly } from "../../panels/spec";
import { useRoom } from "../../session/context";
import { linkIsFor, mayWriteIn, writes } from "../../session/rights";

export function ReadOnlyStrip({ document, look, part }: ReadOnly) {
  const admitted = useRoom(({ status }) => status.admitted);
  const rights = useRoom((state) => state.rights);
  if (!admitted || mayWriteIn(rights, document)) return null;
  return (
    <p className="flex items-center gap-2 border-b border-line px-5 py-2 text-[0.867rem] text-soft">
      <Eye aria-hidden className="size-4 shrink-0" />
      {writes(rights.role) ? `${part}: ${linkIsFor(rights)}.` : `Your link lets you look. ${look}`}
    </p>
  );
}
