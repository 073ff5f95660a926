/** A panel at its place: what it says to those who may not write in it, and what is in it. */
import { Eye } from "lucide-react";
import { useRoom } from "../../session/context";
import { linkIsFor, mayWriteIn, writes } from "../../session/rights";
import type { ReadOnly } from "../../panels/spec";
import { panelOf } from "../registry";
import type { PanelId } from "./model";

interface PanelFrameProps {
  panel: PanelId;
  hidden: boolean;
}

export function PanelFrame({ panel, hidden }: PanelFrameProps) {
  const { spec, View } = panelOf(panel);
  const { label, readOnly, skeleton } = spec;
  return (
    <section
      aria-label={label}
      hidden={hidden}
      className="min-h-0 min-w-0 flex-1 flex-col bg-surface not-[[hidden]]:flex"
    >
      {readOnly && <ReadOnlyStrip {...readOnly} />}
      <View hidden={hidden} skeleton={skeleton} />
    </section>
  );
}

function ReadOnlyStrip({ document, look, part }: ReadOnly) {
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
