/** A panel at its place: the sentence for people who may not write in it, and its content. */
import { panelOf } from "../registry";
import { focusPanel } from "./focus";
import type { PanelId } from "./model";
import { ReadOnlyStrip } from "./ReadOnlyStrip";

interface PanelFrameProps {
  panel: PanelId;
  hidden: boolean;
  above: HTMLElement | null;
}

export function PanelFrame({ panel, hidden, above }: PanelFrameProps) {
  const { spec, View } = panelOf(panel);
  const { label, readOnly, skeleton } = spec;
  return (
    <section
      aria-label={label}
      hidden={hidden}
      className="min-h-0 min-w-0 flex-1 flex-col bg-surface not-[[hidden]]:flex"
    >
      {readOnly && <ReadOnlyStrip {...readOnly} />}
      <View hidden={hidden} skeleton={skeleton} show={() => focusPanel(panel)} above={above} />
    </section>
  );
}
