/**
 * Ties between elements: a label and its box, an arrow and what it points at, a frame and what is in it, groups. People
 * who delete and edit at once leave ties that lead nowhere, and such an element can't be taken hold of.
 *
 * They are mended where elements are shown, as a function of what is stored and nothing else, so that everybody sees
 * the same. It is not written back: what was deleted may be brought back, and then its ties hold again.
 */
import type { SceneElement } from "../codec/element";

interface Bound {
  readonly id: string;
  readonly type: string;
}

type All = ReadonlyMap<string, SceneElement>;

/** The fields that name other elements. */
export const TIES = [
  "containerId",
  "boundElements",
  "startBinding",
  "endBinding",
  "frameId",
  "groupIds",
] as const;

const ENDS = ["startBinding", "endBinding"] as const;
const CONTAINERS: ReadonlySet<unknown> = new Set(["rectangle", "diamond", "ellipse", "arrow"]);
/** No arrow holds on to these. */
const PATHS: ReadonlySet<unknown> = new Set(["line", "arrow", "freedraw"]);

/** Whether an element names others. */
export function isTied(element: SceneElement): boolean {
  const { containerId, startBinding, endBinding, frameId } = element;
  const isBound = [containerId, startBinding, endBinding, frameId].some(Boolean);
  return isBound || boundIn(element).length > 0 || groupsIn(element).length > 0;
}

/**
 * These elements with ties only to what is there. `others` are there too, e.g. in somebody's hands, and are left
 * alone.
 */
export function mended(
  elements: readonly SceneElement[],
  others: Iterable<SceneElement> = [],
): SceneElement[] {
  const there = [...others];
  if (!elements.some(isTied) && !there.some(isTied)) return [...elements];
  const all = new Map(elements.map((element) => [element.id, element]));
  for (const other of there) {
    if (other.isDeleted) all.delete(other.id);
    else all.set(other.id, other);
  }
  const labels = labelsOf(all);
  const arrows = arrowsOf(all);
  const groups = groupsOf(all, labels);
  return elements.map((element) => {
    const { id } = element;
    if (!isTied(element) && !labels.has(id) && !arrows.has(id)) return element;
    const changes: Record<string, unknown> = {
      ...letGo(element, all, labels),
      ...ungrouped(element, groups),
    };
    const bound = boundTo(element, labels.get(id), arrows.get(id));
    if (!isSame(element, bound)) changes.boundElements = bound;
    return Object.keys(changes).length === 0 ? element : { ...element, ...changes };
  });
}

/** The one text of each container: the one it names itself, else the first by id. */
function labelsOf(all: All): Map<string, string> {
  const claims = new Map<string, string[]>();
  for (const { id, type, containerId } of all.values()) {
    if (type !== "text" || typeof containerId !== "string") continue;
    if (CONTAINERS.has(all.get(containerId)?.type))
      claims.set(containerId, [...(claims.get(containerId) ?? []), id]);
  }
  const labels = new Map<string, string>();
  for (const [container, texts] of claims) {
    const box = all.get(container);
    const named = box && boundIn(box).find(({ id }) => texts.includes(id));
    const label = named?.id ?? texts.sort()[0];
    if (label !== undefined) labels.set(container, label);
  }
  return labels;
}

/** The arrows at each element. */
function arrowsOf(all: All): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const element of all.values()) {
    if (element.type !== "arrow") continue;
    for (const name of ENDS) {
      const target = targetOf(element[name]);
      if (target === undefined || !isBindable(all.get(target))) continue;
      arrows.set(target, (arrows.get(target) ?? new Set()).add(element.id));
    }
  }
  return arrows;
}

/** How many elements each group has; a label comes with its container. */
function groupsOf(all: All, labels: ReadonlyMap<string, string>): Map<string, number> {
  const groups = new Map<string, number>();
  for (const element of all.values()) {
    if (labels.get(String(element.containerId)) === element.id) continue;
    for (const group of groupsIn(element)) groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return groups;
}

function letGo(
  element: SceneElement,
  all: All,
  labels: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const { id, type, containerId, frameId } = element;
  const changes: Record<string, unknown> = {};
  const isFree = typeof containerId === "string" && labels.get(containerId) !== id;
  if (type === "text" && isFree) changes.containerId = null;
  if (typeof frameId === "string" && all.get(frameId)?.type !== "frame") changes.frameId = null;
  for (const name of ENDS) {
    const target = targetOf(element[name]);
    if (target !== undefined && !isBindable(all.get(target))) changes[name] = null;
  }
  return changes;
}

function ungrouped(element: SceneElement, groups: ReadonlyMap<string, number>): { groupIds?: string[] } {
  const isShared = (group: string) => (groups.get(group) ?? 0) > 1;
  return groupsIn(element).every(isShared) ? {} : { groupIds: groupsIn(element).filter(isShared) };
}

function boundTo(element: SceneElement, label?: string, arrows?: ReadonlySet<string>): Bound[] {
  const missing = new Set(arrows);
  if (label !== undefined) missing.add(label);
  // A second mention of the same is left out too.
  const kept = boundIn(element).filter(({ id }) => missing.delete(id));
  const ids = [...kept.map(({ id }) => id), ...[...missing].sort()];
  return ids.map((id) => ({ id, type: id === label ? "text" : "arrow" }));
}

function targetOf(binding: unknown): string | undefined {
  return (binding as { elementId?: string } | null | undefined)?.elementId;
}

const isBindable = (element: SceneElement | undefined): boolean =>
  element !== undefined && !PATHS.has(element.type);

const boundIn = ({ boundElements }: SceneElement) => (boundElements ?? []) as readonly Bound[];
const groupsIn = ({ groupIds }: SceneElement) => (groupIds ?? []) as readonly string[];

function isSame(element: SceneElement, bound: readonly Bound[]): boolean {
  const has = boundIn(element);
  return (
    has.length === bound.length &&
    has.every(({ id, type }, i) => id === bound[i]?.id && type === bound[i].type)
  );
}
