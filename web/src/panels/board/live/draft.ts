/**
 * Drafts: elements that somebody is editing, sent to the others many times a second and never stored.
 *
 * ```text
 * page (length, text), then for each element:
 * id (length, text) │ 0 whole, 1 only what changed │ scalars (length, JSON) │ points │ pressures (length, bytes)
 * ```
 */
import { isId, isPlain } from "../codec/checks";
import { decodeElement, encodeElement } from "../codec/codec";
import type { FlatElement, SceneElement } from "../codec/element";
import { changedFields } from "../model/merge";
import { Reader, Writer } from "./bytes";

/** The engine's bound on one thing said. */
export const MESSAGE = 16 * 1024;
/** Elements of one message that are looked at: more do not fit. */
const MOST = 512;
/** Points of an unfinished stroke: with their pressures about 12 KiB. */
const POINTS = 1_000;

export interface Draft {
  id: string;
  /** Without it, `flat` is laid over the stored element. */
  whole: boolean;
  flat: FlatElement;
}

export interface Drafting {
  page: string;
  drafts: Draft[];
}

/**
 * The elements being edited, each with its stored state if it has one. Those that do not fit are seen once they are
 * finished.
 */
export function encodeDrafting(
  page: string,
  inHand: readonly { element: SceneElement; stored: SceneElement | undefined }[],
): Uint8Array {
  const message = new Writer().text(page);
  const parts = [message.finish()];
  let length = message.length;
  for (const { element, stored } of inHand) {
    const part = encodeOne(thinned(element), stored);
    if (!part || length + part.length > MESSAGE) continue;
    parts.push(part);
    length += part.length;
  }
  return joined(parts, length);
}

export function decodeDrafting(bytes: Uint8Array): Drafting | undefined {
  if (bytes.length > MESSAGE) return undefined;
  const from = new Reader(bytes);
  const page = from.text();
  const drafts: Draft[] = [];
  while (!from.atEnd && drafts.length < MOST) {
    const draft = decodeOne(from);
    if (draft) drafts.push(draft);
  }
  return from.broken || !isId(page) ? undefined : { page, drafts };
}

/** A draft laid over the stored element. It is locked, since somebody else is editing it. */
export function drafted(draft: Draft, stored: SceneElement | undefined): SceneElement | undefined {
  if (!draft.whole && !stored) return undefined;
  const flat = draft.whole || !stored ? draft.flat : { ...encodeElement(stored), ...draft.flat };
  const element = decodeElement(draft.id, flat);
  return element && { ...element, locked: true };
}

function encodeOne(element: SceneElement, stored: SceneElement | undefined): Uint8Array | undefined {
  const flat = encodeElement(element, { lossy: true });
  if (!flat) return undefined;
  const told = stored ? only(flat, element, stored) : flat;
  const { points, pressures, ...scalars } = told;
  return new Writer()
    .text(element.id)
    .u8(stored ? 1 : 0)
    .text(JSON.stringify(scalars))
    .bytes(points instanceof Uint8Array ? points : new Uint8Array())
    .bytes(pressures instanceof Uint8Array ? pressures : new Uint8Array())
    .finish();
}

function only(flat: FlatElement, element: SceneElement, stored: SceneElement): FlatElement {
  // Its place is nobody's edit before it is stored.
  const changed = Object.keys(changedFields(stored, element)).filter((name) => name !== "index");
  const names = ["version", "versionNonce", ...changed];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = flat[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function decodeOne(from: Reader): Draft | undefined {
  const [id, form, text, points, pressures] = [
    from.text(),
    from.u8(),
    from.text(),
    from.bytes(),
    from.bytes(),
  ];
  if (from.broken || form > 1 || !isId(id)) return undefined;
  try {
    const scalars: unknown = JSON.parse(text);
    if (!isPlain(scalars)) return undefined;
    const flat = { ...scalars } as FlatElement;
    if (points.length > 0) flat.points = points;
    if (pressures.length > 0) flat.pressures = pressures;
    return { id, whole: form === 0, flat };
  } catch {
    return undefined;
  }
}

/** Every so many points of a stroke that is too long to be told many times a second, and always its last. */
export function thinned(element: SceneElement): SceneElement {
  const { points, pressures } = element;
  if (!Array.isArray(points) || points.length <= POINTS) return element;
  const step = Math.ceil(points.length / POINTS);
  const keep = (_: unknown, i: number, all: readonly unknown[]) => i % step === 0 || i === all.length - 1;
  const thin = { ...element, points: points.filter(keep) };
  return Array.isArray(pressures) ? { ...thin, pressures: pressures.filter(keep) } : thin;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
