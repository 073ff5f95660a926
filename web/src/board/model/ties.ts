/**
 * Ties between elements: a label and its box, an arrow and what it points at, a frame and what is in it, groups. People
 * who delete and edit at once leave ties that lead nowhere, and such an element can't be taken hold of.
 *
 * They are mended where elements are shown, as a function of what is stored and nothing else, so that everybody sees
 * the same. It is not written back: what was deleted may be brought back, and then its ties hold again.
 */
import type { SceneElement } from "../codec/element";
import { isEqual } from "./merge";

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

/** These elements with ties only to what is there. `others` are there too, e.g. in somebody's hands, and are left alone. */
export function mended(
  elements: readonly SceneElement[],
  others: Iterable<SceneElement> = [],
): SceneElement[] {
  const all = new Map(elements.map((element) => [element.id, element]));
  for (const other of others) {
    if (other.isDeleted) all.delete(other.id);
    else all.set(other.id, other);
  }
  const labels = labelsOf(all);
  const arrows = arrowsOf(all);
  const groups = groupsOf(all, labels);
  return elements.map((element) => {
    if (!isTied(element) && !labels.has(element.id) && !arrows.has(element.id)) return element;
    const changes = Object.entries({
      ...letGo(element, all, labels),
      boundElements: boundTo(element, labels.get(element.id), arrows.get(element.id)),
      groupIds: groupsIn(element).filter((group) => (groups.get(group) ?? 0) > 1),
    }).filter(([name, value]) => !isSame(element[name], value));
    return changes.length === 0 ? element : { ...element, ...Object.fromEntries(changes) };
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
  if (type === "text" && labels.get(String(containerId)) !== id) changes.containerId = null;
  if (all.get(String(frameId))?.type !== "frame") changes.frameId = null;
  for (const name of ENDS) {
    const target = targetOf(element[name]);
    if (target !== undefined && !isBindable(all.get(target))) changes[name] = null;
  }
  return changes;
}

function boundTo(element: SceneElement, label?: string, arrows?: ReadonlySet<string>): Bound[] {
  const missing = new Set(arrows);
  if (label !== undefined) missing.add(label);
  // A second mention of the same is let go of too.
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

/** Nothing, `null` and an empty list say the same. */
function isSame(a: unknown, b: unknown): boolean {
  const isNone = (value: unknown) => (value ?? null) === null || (Array.isArray(value) && value.length === 0);
  return (isNone(a) && isNone(b)) || isEqual(a, b);
}
