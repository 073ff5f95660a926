/** Two edits of one element made from the same state: what each changed, field by field. */
import { MARKS, type SceneElement } from "../codec/element";

/**
 * Somebody's own edit of `base` laid over what the element has become meanwhile. Where both changed one field, the
 * own edit wins: it is the later one, made by the person who was still editing the element.
 */
export function merged(base: SceneElement, own: SceneElement, current: SceneElement): SceneElement {
  if (base.type !== own.type || own.type !== current.type) return own;
  const changes = changedFields(base, own);
  if (Object.keys(changes).length === 0) return current;
  if (Object.keys(changedFields(base, current)).length === 0) return { ...own };
  return {
    ...current,
    ...changes,
    version: Math.max(own.version, current.version) + 1,
    versionNonce: own.versionNonce,
    updated: own.updated,
  };
}

/** The fields of `next` that say something else than those of `before`; not its version, nor how its image loads. */
export function changedFields(before: SceneElement, next: SceneElement): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(next)) {
    if (MARKS.has(name) || name === "status" || name === "isDeleted") continue;
    if (!isEqual(before[name], value)) changes[name] = value;
  }
  return changes;
}

/** Equality of plain JSON values; nothing and `null` are the same to Excalidraw. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = new Set([...Object.keys(x), ...Object.keys(y)]);
  return [...names].every((name) => isEqual(x[name], y[name]));
}
