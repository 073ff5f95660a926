/** One element of every kind, as Excalidraw makes them, for tests. */
import type { SceneElement } from "./element";

const base = {
  x: 10.25,
  y: -3.1,
  width: 120,
  height: 44.5,
  angle: 0.3,
  strokeColor: "#1e1e1e",
  backgroundColor: "transparent",
  fillStyle: "solid",
  strokeWidth: 2,
  strokeStyle: "dashed",
  roughness: 1,
  opacity: 80,
  seed: 1_234_567,
  version: 7,
  versionNonce: 99,
  index: "a1",
  isDeleted: false,
  groupIds: ["group_1", "group-2"],
  frameId: null,
  roundness: { type: 3 },
  boundElements: [{ id: "label", type: "text" }],
  updated: 1_700_000_000_000,
  link: "https://example.org/a",
  locked: false,
};

const path = { points: [[0, 0] as [number, number], [0.1, 20.7], [33.3, -4]], lastCommittedPoint: null };
const line = { ...path, startBinding: null, endBinding: null, startArrowhead: null, endArrowhead: null };
const text = {
  fontSize: 20,
  fontFamily: 5,
  text: "two\nlines",
  originalText: "two lines",
  textAlign: "left",
  verticalAlign: "top",
  containerId: "box",
  autoResize: false,
  lineHeight: 1.25,
};
const elbow = {
  elbowed: true,
  points: [
    [0, 0],
    [40, 0],
    [40, 30],
  ],
  startBinding: { elementId: "box", focus: 0.1, gap: 3, fixedPoint: [0.5, 1] },
  endBinding: null,
  endArrowhead: "triangle",
  fixedSegments: [{ start: [0, 0], end: [40, 0], index: 1 }],
  startIsSpecial: false,
  endIsSpecial: null,
};
const crop = { x: 1, y: 2, width: 30, height: 40, naturalWidth: 300, naturalHeight: 400 };

export const SAMPLES: readonly SceneElement[] = [
  { ...base, id: "box", type: "rectangle", customData: { from: { a: [1, "b"] } } },
  { ...base, id: "rhomb", type: "diamond", roundness: null, boundElements: null },
  { ...base, id: "round", type: "ellipse", link: null, roundness: { type: 2, value: 12 } },
  { ...base, ...text, id: "label", type: "text" },
  { ...base, ...line, id: "line", type: "line" },
  { ...base, ...line, id: "arrow", type: "arrow", elbowed: false, endArrowhead: "arrow" },
  { ...base, ...line, ...elbow, id: "elbow", type: "arrow" },
  { ...base, ...path, id: "stroke", type: "freedraw", pressures: [0.5, 0.25, 1], simulatePressure: false },
  { ...base, id: "image", type: "image", fileId: "f1", status: "saved", scale: [1, -1], crop },
  { ...base, id: "frame", type: "frame", name: "A frame" },
];

export function sample(id: string, changes: Partial<SceneElement> = {}): SceneElement {
  const found = SAMPLES.find((element) => element.id === id);
  if (!found) throw new Error(`no sample ${id}`);
  return { ...found, ...changes };
}
