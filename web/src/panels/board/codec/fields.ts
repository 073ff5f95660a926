/** The fields of every kind of element: how each is written flat, and what it may hold. */
import {
  type Check,
  either,
  isBetween,
  isColor,
  isFlag,
  isId,
  isList,
  isNull,
  isOneOf,
  isPair,
  isPlain,
  isRecord,
  isText,
  isWhole,
} from "./checks";
import { FAR, LETTER, PEN, SIZE, TEXT } from "./limits";

/** `value`: as it is. `json`: as JSON text. `points`, `numbers`: as bytes. `link`: as it is, or nothing. */
export type Form = "value" | "json" | "points" | "numbers" | "link";

export interface Field {
  form: Form;
  check: Check;
  /** The meaning of a missing field. Without it, the field must be there. */
  missing?: unknown;
}

export type Fields = Readonly<Record<string, Field>>;

/** JSON of one nested field, e.g. of what is bound to an element. */
export const JSON_TEXT = 65_536;
const MANY = 1_024;
const WORD = 2 ** 31;

const value = (check: Check, missing?: unknown): Field => field("value", check, missing);
const json = (check: Check, missing?: unknown): Field => field("json", check, missing);

function field(form: Form, check: Check, missing: unknown): Field {
  return missing === undefined ? { form, check } : { form, check, missing };
}

const isFar = isBetween(-FAR, FAR);
const isSize = isBetween(-SIZE, SIZE);
/** From where the path begins. */
const isPoint = isPair(isSize);
const isBinding = isRecord(
  { elementId: isId, focus: isFar, gap: isFar },
  { fixedPoint: either(isNull, isPoint) },
);
const isCrop = isRecord({
  x: isFar,
  y: isFar,
  width: isFar,
  height: isFar,
  naturalWidth: isFar,
  naturalHeight: isFar,
});
const isArrowhead = isOneOf(
  ...["arrow", "bar", "dot", "circle", "circle_outline", "triangle", "triangle_outline", "diamond"],
  ...["diamond_outline", "crowfoot_one", "crowfoot_many", "crowfoot_one_or_many"],
);

const base: Fields = {
  x: value(isFar),
  y: value(isFar),
  width: value(isSize),
  height: value(isSize),
  angle: value(isBetween(-1_000, 1_000)),
  strokeColor: value(isColor),
  backgroundColor: value(isColor),
  fillStyle: value(isOneOf("hachure", "cross-hatch", "solid", "zigzag")),
  strokeWidth: value(isBetween(...PEN)),
  strokeStyle: value(isOneOf("solid", "dashed", "dotted")),
  roughness: value(isBetween(0, 10)),
  opacity: value(isBetween(0, 100)),
  seed: value(isWhole(0, WORD)),
  version: value(isWhole(0, 2 ** 52)),
  versionNonce: value(isWhole(0, WORD)),
  index: value(either(isNull, isText(1_024)), null),
  updated: value(isBetween(0, 2 ** 52), 1),
  locked: value(isFlag, false),
  frameId: value(either(isNull, isId), null),
  groupIds: json(isList(isId, 64), []),
  roundness: json(either(isNull, isRecord({ type: isOneOf(1, 2, 3) }, { value: isBetween(0, 1_000) })), null),
  boundElements: json(
    either(isNull, isList(isRecord({ id: isId, type: isOneOf("arrow", "text") }), MANY)),
    null,
  ),
  link: { form: "link", check: either(isNull, isText(2_048)), missing: null },
  customData: { form: "json", check: either(isNull, isPlain), missing: null },
};

const text: Fields = {
  fontSize: value(isBetween(0.1, LETTER)),
  fontFamily: value(isOneOf(1, 2, 3, 5, 6, 7, 8, 9)),
  text: value(isText(TEXT)),
  originalText: value(isText(TEXT)),
  textAlign: value(isOneOf("left", "center", "right")),
  verticalAlign: value(isOneOf("top", "middle", "bottom")),
  containerId: value(either(isNull, isId), null),
  autoResize: value(isFlag, true),
  lineHeight: value(isBetween(0.1, 10)),
};

const path: Fields = {
  points: { form: "points", check: isList(isPoint, MANY * 32) },
  lastCommittedPoint: json(either(isNull, isPoint), null),
};

const line: Fields = {
  ...path,
  startBinding: json(either(isNull, isBinding), null),
  endBinding: json(either(isNull, isBinding), null),
  startArrowhead: value(either(isNull, isArrowhead), null),
  endArrowhead: value(either(isNull, isArrowhead), null),
};

const arrow: Fields = {
  ...line,
  elbowed: value(isFlag, false),
  fixedSegments: json(
    either(isNull, isList(isRecord({ start: isPoint, end: isPoint, index: isWhole(0, MANY) }), MANY)),
    null,
  ),
  startIsSpecial: value(either(isNull, isFlag), null),
  endIsSpecial: value(either(isNull, isFlag), null),
};

const freedraw: Fields = {
  ...path,
  pressures: { form: "numbers", check: isList(isBetween(0, 1), MANY * 32) },
  simulatePressure: value(isFlag, true),
};

const image: Fields = {
  fileId: value(either(isNull, isId), null),
  scale: json(isPair(isBetween(-1, 1)), [1, 1]),
  crop: json(either(isNull, isCrop), null),
};

/**
 * The kinds of elements that may be on a board. Kinds that embed pages or come from Excalidraw's cloud are not among
 * them.
 */
export const KINDS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ["rectangle", base],
  ["diamond", base],
  ["ellipse", base],
  ["text", { ...base, ...text }],
  ["line", { ...base, ...line }],
  ["arrow", { ...base, ...arrow }],
  ["freedraw", { ...base, ...freedraw }],
  ["image", { ...base, ...image }],
  ["frame", { ...base, name: value(either(isNull, isText(256)), null) }],
]);
