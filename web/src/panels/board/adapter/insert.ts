/** Puts elements from a file onto the page on show, beside nothing that is there, and selects them. */
import { CaptureUpdateAction, getCommonBounds, getVisibleSceneBounds } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { SceneElement } from "../codec/element";
import { freshId } from "../../../shared/ids";
import { ordersBetween } from "../../../shared/order";
import { renamed } from "../model/rename";
import { asOurs, asTheirs } from "./surface";

/** In the middle of what is seen, in front of everything, under new ids; one step of undo. */
export function withinPage(api: ExcalidrawImperativeAPI, elements: readonly SceneElement[]): void {
  const there = asOurs(api.getSceneElementsIncludingDeleted());
  const orders = ordersBetween(there.at(-1)?.index ?? null, null, elements.length);
  const [x1, y1, x2, y2] = getCommonBounds(asTheirs(elements));
  const [left, top, right, bottom] = getVisibleSceneBounds(api.getAppState());
  const [dx, dy] = [(left + right - x1 - x2) / 2, (top + bottom - y1 - y2) / 2];
  const added = renamed(elements, freshId).map((element, i) => ({
    ...element,
    index: orders[i] ?? null,
    x: Number(element.x) + dx,
    y: Number(element.y) + dy,
  }));
  api.updateScene({
    elements: asTheirs([...there, ...added]),
    appState: { selectedElementIds: Object.fromEntries(added.map(({ id }) => [id, true as const])) },
    captureUpdate: CaptureUpdateAction.IMMEDIATELY,
  });
}
