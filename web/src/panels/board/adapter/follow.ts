/** Seeing what somebody else sees: their page and their part of it, for as long as one follows them. */
import { getVisibleSceneBounds, zoomToFitBounds } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI, UserToFollow } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";
import { liveValues } from "../../../session/liveValues";
import type { RoomSession } from "../../../session/session";
import { decodeViewing, encodeViewing, type Viewing } from "../live/gestures";
import { socketOf } from "./people";

/** One's own view, for the others. */
export function viewing(page: string, state: AppState): Uint8Array {
  return encodeViewing({ page, bounds: getVisibleSceneBounds(state) });
}

interface Seen {
  user: UserToFollow;
  sees: Viewing;
}

/** A person's view, as the last of their pages sent it. Nothing if none sent a valid one. */
export function seenBy(session: RoomSession, view: DocView, member: string): Seen | undefined {
  const said = liveValues(session, view, "view", decodeViewing).findLast(
    ({ person }) => person.id === member,
  );
  return said && { user: { socketId: socketOf(said.client), username: said.person.name }, sees: said.value };
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
