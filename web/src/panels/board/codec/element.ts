/**
 * An element of the board as everything below the adapter knows it: Excalidraw's own object, with few names looked at.
 */

export interface SceneElement {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly versionNonce: number;
  /** Its place from back to front, a fractional index; `null` before Excalidraw gave it one. */
  readonly index: string | null;
  readonly isDeleted: boolean;
  readonly [field: string]: unknown;
}

/**
 * An element as the shared map stores it under the element's id: scalars, JSON texts, and series of numbers as bytes.
 */
export type FlatElement = Record<string, FlatValue>;
export type FlatValue = string | number | boolean | null | Uint8Array;

/** Fields that say that an element changed, not what it looks like. */
export const MARKS: ReadonlySet<string> = new Set(["version", "versionNonce", "updated"]);

/** Whether two states of one element are the same edit. */
export function sameEdit(a: SceneElement, b: SceneElement): boolean {
  return a.version === b.version && a.versionNonce === b.versionNonce && a.isDeleted === b.isDeleted;
}
