/** Elements to what stands in the shared map, and back: encoding is lossless, decoding trusts nothing. */
import { isOrder } from "../../../shared/order";
import { isId, isLink, isPlain, linkIn } from "./checks";
import type { FlatElement, FlatValue, SceneElement } from "./element";
import { type Field, JSON_TEXT, KINDS } from "./fields";
import { decodeNumbers, decodePoints, encodeNumbers, encodePoints } from "./numbers";

interface Options {
  /** Points in half the bytes: for drafts, which are gone in a moment. */
  lossy?: boolean;
}

/** `undefined` for a kind that has no place on a board. */
export function encodeElement(
  element: SceneElement,
  { lossy = false }: Options = {},
): FlatElement | undefined {
  const fields = KINDS.get(element.type);
  if (!fields) return undefined;
  const flat: FlatElement = { type: element.type };
  for (const [name, field] of Object.entries(fields)) {
    const value = element[name];
    if (value !== undefined) flat[name] = flattened(value, field, lossy);
  }
  return flat;
}

/** `undefined` for anything that is not an element in order: it is not shown, and nothing breaks. */
export function decodeElement(id: string, flat: unknown): SceneElement | undefined {
  if (!isId(id) || !isPlain(flat) || typeof flat.type !== "string") return undefined;
  const fields = KINDS.get(flat.type);
  if (!fields) return undefined;
  const element: Record<string, unknown> = { id, type: flat.type, isDeleted: false };
  for (const [name, field] of Object.entries(fields)) {
    const value = flat[name] === undefined ? field.missing : raised(flat[name], field);
    if (value === undefined || !field.check(value)) return undefined;
    // Absent is what Excalidraw itself writes for these.
    if (value === null && OPTIONAL.has(name)) continue;
    element[name] = value;
  }
  return completed(element);
}

/** Whether a board can have this element: every page would show it. */
export function isKeepable(element: SceneElement): boolean {
  return decodeElement(element.id, encodeElement(element)) !== undefined;
}

/** Fields that most elements do not have at all. */
const OPTIONAL = new Set(["customData", "fixedSegments", "startIsSpecial", "endIsSpecial"]);

function flattened(value: unknown, { form }: Field, lossy: boolean): FlatValue {
  switch (form) {
    case "json":
      return JSON.stringify(value);
    case "points":
      return encodePoints(value as [number, number][], lossy);
    case "numbers":
      return encodeNumbers(value as number[], lossy);
    case "link":
      return linkIn(value) ?? null;
    case "value":
      // Half a surrogate pair, cut off somewhere, is refused by everyone.
      return typeof value === "string" ? wellFormed(value) : (value as FlatValue);
  }
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}

function raised(value: unknown, { form }: Field): unknown {
  switch (form) {
    case "json":
      return parsed(value);
    case "points":
      return decodePoints(value);
    case "numbers":
      return decodeNumbers(value);
    case "link":
      return isLink(value) ? value : null;
    case "value":
      return value;
  }
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string" || text.length > JSON_TEXT) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The rules that concern several fields at once, and the fields that are not shared. */
function completed(element: Record<string, unknown>): SceneElement | undefined {
  // A place that is none is no reason to hide the element.
  if (!isOrder(element.index)) element.index = null;
  switch (element.type) {
    case "image":
      // Whether its file is there is everyone's own business.
      element.status = "saved";
      break;
    case "line":
    case "arrow":
      if ((element.points as unknown[]).length < 2) return undefined;
      if (element.elbowed === true && !isAngular(element.points as [number, number][])) return undefined;
      if (element.elbowed === true) completeElbow(element);
      break;
    case "freedraw":
      if ((element.points as unknown[]).length < 1) return undefined;
      break;
  }
  return element as unknown as SceneElement;
}

function completeElbow(element: Record<string, unknown>): void {
  for (const name of ["fixedSegments", "startIsSpecial", "endIsSpecial"]) element[name] ??= null;
}

/** Excalidraw throws where an elbow arrow has a segment that is neither upright nor level, with this tolerance. */
function isAngular(points: readonly (readonly [number, number])[]): boolean {
  return points.every((point, i) => {
    const before = points[i - 1];
    return !before || Math.abs(point[0] - before[0]) < 1 || Math.abs(point[1] - before[1]) < 1;
  });
}
