/** Excalidraw as the surface of a scene, and what of its state matters to us. */
import { CaptureUpdateAction } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { ExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { SceneElement } from "../codec/element";
import type { Surface } from "../model/scene";

export const asOurs = (elements: readonly ExcalidrawElement[]) =>
  elements as unknown as readonly SceneElement[];
export const asTheirs = (elements: readonly SceneElement[]) =>
  elements as unknown as readonly ExcalidrawElement[];

export function surfaceOf(api: ExcalidrawImperativeAPI): Surface {
  return {
    elements: () => asOurs(api.getSceneElementsIncludingDeleted()),
    // Never captured: what others do is in nobody's undo but their own.
    show: (elements) =>
      api.updateScene({ elements: asTheirs(elements), captureUpdate: CaptureUpdateAction.NEVER }),
  };
}

/** Something is being drawn, moved, resized or typed: what is in hand is told, and stored when it is let go. */
export function isBusy(state: AppState): boolean {
  return (
    state.cursorButton === "down" ||
    state.newElement !== null ||
    state.multiElement !== null ||
    state.resizingElement !== null ||
    state.editingTextElement !== null ||
    state.selectedElementsAreBeingDragged ||
    state.isResizing ||
    state.isRotating
  );
}

/** Brings everything that is drawn into view, not larger than it is. */
export function showAll(api: ExcalidrawImperativeAPI): void {
  // Its declaration does not resolve.
  const scroll = api.scrollToContent as (target: undefined, options: object) => void;
  scroll(undefined, { fitToContent: true, animate: false });
}
