/** All panels of a room: rendered once each, put beside each other, into tabs, or on small screens shown alone. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { panels as all } from "../registry";
import { Columns } from "./Columns";
import { useCounted } from "./counted";
import { Hosts } from "./hosts";
import { Keys } from "./Keys";
import type { PanelId } from "./model";
import { PanelFrame } from "./PanelFrame";
import { HostsContext, Slot } from "./Slot";
import { useFronts, useNarrow } from "./store";

export function Workspace() {
  const narrow = useNarrow();
  const fronts = useFronts();
  const opened = useOpened(fronts, useCounted());
  const panels = useOneByOne(all.map(({ id }) => id).filter((id) => opened.has(id)));
  const [hosts] = useState(() => new Hosts());
  const root = useRef<HTMLElement>(null);
  const [above, setAbove] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => (root.current ? hosts.attach(root.current) : undefined), [hosts]);
  const [only] = fronts;

  return (
    <>
      <div ref={setAbove} />
      <main ref={root} className="min-h-0 flex-1 border-t border-line">
        <HostsContext value={hosts}>
          {narrow && only !== undefined ? <Slot key={only} panel={only} /> : <Columns />}
        </HostsContext>
        {panels.map((panel) =>
          createPortal(
            <PanelFrame panel={panel} hidden={!fronts.includes(panel)} above={above} />,
            hosts.of(panel),
            panel,
          ),
        )}
        <Keys />
      </main>
    </>
  );
}

const early = all.filter(({ begins }) => begins === "with the room").map(({ id }) => id);

/** Panels are made when they are first shown or count something, or with the room, and stay. */
function useOpened(fronts: readonly PanelId[], counted: readonly PanelId[]): ReadonlySet<PanelId> {
  const [opened, setOpened] = useState<ReadonlySet<PanelId>>(() => new Set([...early, ...fronts]));
  const wanted = [...fronts, ...counted];
  if (wanted.every((panel) => opened.has(panel))) return opened;
  const more = new Set([...opened, ...wanted]);
  setOpened(more);
  return more;
}

/**
 * Of the panels that a room is opened with, one more after each task: all at once would hold up keys and the network.
 */
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
