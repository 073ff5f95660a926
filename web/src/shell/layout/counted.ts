/** The panels that begin when their badges count something, as far as those do. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useSession } from "../../session/context";
import { panels } from "../registry";
import type { PanelId } from "./model";

const waiting = panels.filter(({ begins }) => begins === "when counted");

export function useCounted(): PanelId[] {
  const session = useSession();
  const badges = useMemo(
    () => waiting.flatMap(({ id, badge }) => (badge ? [{ id, badge: badge(session) }] : [])),
    [session],
  );
  const watch = useCallback(
    (listener: () => void) => {
      const stops = badges.map(({ badge }) => badge.watch(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [badges],
  );
  // As text, which is equal when nothing has changed.
  const ids = useSyncExternalStore(watch, () =>
    badges
      .filter(({ badge }) => badge.count() > 0)
      .map(({ id }) => id)
      .join(" "),
  );
  return useMemo(() => ids.split(" ").filter((id) => id !== ""), [ids]);
}
