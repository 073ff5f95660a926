/** The place of one panel on the screen. */
import { createContext, use, useLayoutEffect, useRef } from "react";
import { Hosts } from "./hosts";
import type { PanelId } from "./model";

export const HostsContext = createContext<Hosts | undefined>(undefined);

export function Slot({ panel }: { panel: PanelId }) {
  const hosts = use(HostsContext);
  const slot = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (slot.current) return hosts?.lodge(panel, slot.current);
    return undefined;
  }, [hosts, panel]);
  return <div ref={slot} className="h-full min-h-0 min-w-0" />;
}
