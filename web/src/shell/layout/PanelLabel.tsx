/** A panel's icon and name, with the count beside it. */
import { useMemo, useSyncExternalStore } from "react";
import { useSession } from "../../session/context";
import { specOf } from "../registry";
import type { PanelId } from "./model";

export function PanelLabel({ panel }: { panel: PanelId }) {
  const { icon: Icon, label } = specOf(panel);
  const { count } = useBadge(panel);
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 opacity-80" />
      <span className="truncate">{label}</span>
      {count > 0 && <span className="text-soft tabular-nums">{shortened(count)}</span>}
    </>
  );
}

/** The name in a few letters' room. */
export function ShortPanelLabel({ panel }: { panel: PanelId }) {
  const { label } = specOf(panel);
  const { count } = useBadge(panel);
  return count === 0 ? label : `${label} · ${count}`;
}

/** The count beside a panel's name, and the word for what is counted. */
export function useBadge(panel: PanelId): { count: number; countLabel: string | undefined } {
  const session = useSession();
  const badge = useMemo(() => specOf(panel).badge?.(session), [panel, session]);
  const count = useSyncExternalStore(badge?.watch ?? never, badge?.count ?? zero);
  return { count, countLabel: badge?.countLabel };
}

export function shortened(count: number): string {
  return count > 99 ? "99+" : String(count);
}

const zero = () => 0;
const never = () => () => undefined;
