/** Seeing what somebody else sees: their page and their part of it, for as long as one follows them. */
import { getVisibleSceneBounds, zoomToFitBounds } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";
import { decodeViewing, encodeViewing, type Viewing } from "../live/gestures";

/** What one sees oneself, for the others. */
export function viewing(page: string, state: AppState): Uint8Array {
  return encodeViewing({ page, bounds: getVisibleSceneBounds(state) });
}

/** What the followed person sees; `undefined` when they said nothing in order. */
export function seenBy(view: DocView, client: number): Viewing | undefined {
  const said = view.said("view").get(client);
  return said && decodeViewing(said);
}

export function showBounds(api: ExcalidrawImperativeAPI, { bounds }: Viewing): void {
  const { appState } = zoomToFitBounds({
    appState: api.getAppState(),
    bounds,
    fitToViewport: true,
    viewportZoomFactor: 1,
  });
  const { scrollX, scrollY, zoom } = appState;
  api.updateScene({ appState: { scrollX, scrollY, zoom } });
}
