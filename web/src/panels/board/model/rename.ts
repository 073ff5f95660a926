/** Copies of elements under new ids, with everything that refers to them. */
import type { SceneElement } from "../codec/element";

/** References to elements that are not among these are dropped. */
export function renamed(elements: readonly SceneElement[], newId: () => string): SceneElement[] {
  const ids = new Map(elements.map(({ id }) => [id, newId()]));
  const groups = new Map<string, string>();
  const group = (id: string) => {
    const known = groups.get(id) ?? newId();
    groups.set(id, known);
    return known;
  };
  const other = (id: unknown) => (typeof id === "string" ? ids.get(id) : undefined) ?? null;
  return elements.map((element) => ({
    ...element,
    id: ids.get(element.id) ?? newId(),
    frameId: other(element.frameId),
    groupIds: ((element.groupIds ?? []) as string[]).map(group),
    boundElements: ((element.boundElements ?? []) as { id: string }[]).flatMap((bound) =>
      ids.has(bound.id) ? [{ ...bound, id: ids.get(bound.id) }] : [],
    ),
    ...("containerId" in element && { containerId: other(element.containerId) }),
    ...("startBinding" in element && { startBinding: bound(element.startBinding, other) }),
    ...("endBinding" in element && { endBinding: bound(element.endBinding, other) }),
  }));
}

function bound(binding: unknown, other: (id: unknown) => string | null): unknown {
  const { elementId } = (binding ?? {}) as { elementId?: string };
  const id = other(elementId);
  return id === null ? null : { ...(binding as object), elementId: id };
}
