/** The layout of this device: the person's own, or one for the screen's size; and the one panel of small screens. */
import { useMemo } from "react";
import { create } from "zustand";
import { NARROW, useMedia } from "../../shared/hooks";
import { device } from "../../shared/memory";
import { panels } from "../registry";
import { middling, wide } from "./first";
import { fronts, show, type Layout, type PanelId } from "./model";
import { read, written } from "./stored";

const SPACIOUS = "(min-width: 1240px)";

const WIDE = wide(panels);
const MIDDLING = middling(panels);

interface LayoutState {
  /** Absent until the person changes something: then the screen decides. */
  own: Layout | undefined;
  /** On small screens, the one panel on show. */
  solo: PanelId;
  /** The panel whose tab is being dragged. */
  dragged: PanelId | undefined;
}

const useStore = create<LayoutState>(() => ({
  own: read(device.read("layout") ?? "", panels),
  solo: panels[0]?.id ?? "",
  dragged: undefined,
}));

export function useLayout(): Layout {
  const spacious = useMedia(SPACIOUS);
  const own = useStore((state) => state.own);
  return own ?? (spacious ? WIDE : MIDDLING);
}

export function useNarrow(): boolean {
  return useMedia(NARROW);
}

export const useSolo = () => useStore((state) => state.solo);
export const useDragged = () => useStore((state) => state.dragged);

/** The panels one sees at the moment. */
export function useFronts(): PanelId[] {
  const narrow = useNarrow();
  const solo = useSolo();
  const layout = useLayout();
  return useMemo(() => (narrow ? [solo] : fronts(layout)), [narrow, solo, layout]);
}

export function isNarrow(): boolean {
  return matchMedia(NARROW).matches;
}

export function visible(): PanelId[] {
  return isNarrow() ? [useStore.getState().solo] : fronts(current());
}

export function arrange(change: (layout: Layout) => Layout): void {
  const own = change(current());
  useStore.setState({ own });
  device.write("layout", written(own));
}

export function reset(): void {
  useStore.setState({ own: undefined });
  device.write("layout", undefined);
}

/** Brings a panel on show, however small the screen is. */
export function reveal(panel: PanelId): void {
  if (visible().includes(panel)) return;
  if (isNarrow()) useStore.setState({ solo: panel });
  else arrange((layout) => show(layout, panel));
}

export function drag(dragged: PanelId | undefined): void {
  useStore.setState({ dragged });
}

function current(): Layout {
  return useStore.getState().own ?? (matchMedia(SPACIOUS).matches ? WIDE : MIDDLING);
}
