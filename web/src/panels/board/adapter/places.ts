/** Where one was on each page and what one drew with, for when the page is shown again. */
import type { AppState } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";

type Place = Pick<AppState, "scrollX" | "scrollY" | "zoom">;
type Tools = Partial<AppState>;

const places = new WeakMap<DocView, Map<string, Place>>();
const tools = new WeakMap<DocView, Tools>();

const TOOLS = /^currentItem|^(gridModeEnabled|objectsSnapModeEnabled|penMode)$/;

export function keep(view: DocView, page: string, state: AppState): void {
  const { scrollX, scrollY, zoom } = state;
  const all = places.get(view) ?? new Map<string, Place>();
  places.set(view, all.set(page, { scrollX, scrollY, zoom }));
  tools.set(view, Object.fromEntries(Object.entries(state).filter(([name]) => TOOLS.test(name))));
}

export function kept(view: DocView, page: string): Partial<AppState> {
  return { ...tools.get(view), ...places.get(view)?.get(page) };
}

/** Whether the page was on show before. */
export function isKept(view: DocView, page: string): boolean {
  return places.get(view)?.has(page) ?? false;
}
