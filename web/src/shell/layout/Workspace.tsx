/** All panels of a room: rendered once each, put beside each other, into tabs, or on small screens shown alone. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { Columns } from "./Columns";
import { Hosts } from "./hosts";
import { Keys } from "./Keys";
import { PANELS, type PanelId } from "./model";
import type { Counts } from "./panels";
import { HostsContext, Slot } from "./Slot";
import { useFronts, useNarrow } from "./store";

interface WorkspaceProps {
  counts: Counts;
  render: (panel: PanelId, hidden: boolean) => ReactNode;
}

export function Workspace({ counts, render }: WorkspaceProps) {
  const narrow = useNarrow();
  const fronts = useFronts();
  const opened = useOpened(fronts);
  const panels = useOneByOne(PANELS.filter((panel) => opened.has(panel)));
  const [hosts] = useState(() => new Hosts());
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => (root.current ? hosts.attach(root.current) : undefined), [hosts]);
  const [only] = fronts;

  return (
    <main ref={root} className="min-h-0 flex-1 border-t border-line">
      <HostsContext value={hosts}>
        {narrow && only !== undefined ? <Slot key={only} panel={only} /> : <Columns counts={counts} />}
      </HostsContext>
      {panels.map((panel) => createPortal(render(panel, !fronts.includes(panel)), hosts.of(panel), panel))}
      <Keys />
    </main>
  );
}

/** Panels are made when they are first shown, and stay. The text and the people are what a room is opened for. */
function useOpened(fronts: PanelId[]): ReadonlySet<PanelId> {
  const [opened, setOpened] = useState<ReadonlySet<PanelId>>(() => new Set(["code", "people", ...fronts]));
  if (fronts.every((panel) => opened.has(panel))) return opened;
  const more = new Set([...opened, ...fronts]);
  setOpened(more);
  return more;
}

/** Of the panels that a room is opened with, one more after each task: all at once would hold up keys and the network. */
function useOneByOne(panels: PanelId[]): PanelId[] {
  const [made, setMade] = useState<ReadonlySet<PanelId> | "all">(new Set());
  const next = made === "all" ? undefined : panels.find((panel) => !made.has(panel));
  useEffect(() => {
    if (made === "all") return;
    const timer = setTimeout(() => setMade(next === undefined ? "all" : new Set([...made, next])));
    return () => clearTimeout(timer);
  }, [made, next]);
  return made === "all" ? panels : panels.filter((panel) => made.has(panel));
}
