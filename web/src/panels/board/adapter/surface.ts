/** Excalidraw as the surface of a scene, and what of its state matters to us. */
import { CaptureUpdateAction } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { ExcalidrawElement, ExcalidrawTextElement } from "@excalidraw/excalidraw/element/types";
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

/**
 * Elements that Excalidraw is in the middle of while no pointer is pressed: a text being typed with the box around it,
 * and a line that is laid point by point.
 */
export function unfinished(state: AppState): ReadonlySet<string> {
  const { editingTextElement, multiElement: line } = state;
  const text = editingTextElement as ExcalidrawTextElement | null;
  return new Set([text?.id, text?.containerId, line?.id].filter((id) => typeof id === "string"));
}

/** Brings everything that is drawn into view, not larger than it is. */
export function showAll(api: ExcalidrawImperativeAPI): void {
  // Its declaration does not resolve.
  const scroll = api.scrollToContent as (target: undefined, options: object) => void;
  scroll(undefined, { fitToContent: true, animate: false });
}
