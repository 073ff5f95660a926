/** The panels of this page, in the order of their buttons, and what is fetched for them. */
import * as registry from "panels";
import type { PanelSpec } from "../panels/spec";
import { part } from "../ui/Part";

export const panels: readonly PanelSpec[] = Object.values<PanelSpec>(registry).sort(
  (a, b) => a.digit - b.digit,
);

const known = new Map(
  panels.map((spec) => {
    const { subject: name, skeleton: waiting, load } = spec;
    return [spec.id, { spec, View: part(load, { name, waiting }) }];
  }),
);

/**
 * A panel that there is, with what is in it, fetched when it is shown. Ids from elsewhere are checked where they are
 * read.
 */
export function panelOf(id: string) {
  const panel = known.get(id);
  if (!panel) throw new Error(`no panel ${id}`);
  return panel;
}

export const specOf = (id: string): PanelSpec => panelOf(id).spec;

/** Fetches what should be there at once when somebody opens it. */
export function preloadPanels(): Promise<unknown>[] {
  return panels
    .filter(({ begins }) => begins === "with the room" || begins === "fetched")
    .map(({ load }) => load());
}
