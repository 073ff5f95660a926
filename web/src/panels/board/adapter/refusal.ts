/** Elements that a board can't have: they are put back in parts where that can be, and it is said. */
import { CaptureUpdateAction, convertToExcalidrawElements } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { isKeepable } from "../codec/codec";
import type { SceneElement } from "../codec/element";
import { KINDS } from "../codec/fields";
import { FAR, LETTER, SIZE } from "../codec/limits";
import { type Measure, split } from "../model/split";
import { freshId } from "../../../shared/ids";
import { UserError } from "../../../shared/sentences";
import { asOurs, asTheirs } from "./surface";

export class NoLink extends UserError {
  override readonly name = "NoLink";

  constructor() {
    super("A link on the board leads to a web page (https://…) or a mail address. This one was left out.");
  }
}

/** Puts back what has parts. Answers a sentence for each thing that happened. */
export function settleRefused(api: ExcalidrawImperativeAPI, refused: readonly SceneElement[]): UserError[] {
  const said = new Set<string>();
  for (const element of refused) {
    const parts = partsOf(element);
    if (parts) putBack(api, parts);
    said.add(parts ? inParts(element, parts.length) : reasonFor(element));
  }
  return [...said].map((sentence) => new UserError(sentence));
}

function partsOf(element: SceneElement): SceneElement[] | undefined {
  const parts = split(element, freshId, measure);
  if (!parts?.every(isKeepable)) return undefined;
  const group = freshId();
  const isLabel = typeof element.containerId === "string";
  return parts.map((part) => ({
    ...part,
    // Moved and deleted together; a label belongs to its box.
    ...(!isLabel && { groupIds: [...(element.groupIds as string[]), group] }),
    version: element.version + 1,
    versionNonce: Math.floor(Math.random() * 2 ** 31),
  }));
}

/** In nobody's undo: what is taken back is what was pasted or typed. */
function putBack(api: ExcalidrawImperativeAPI, parts: readonly SceneElement[]): void {
  const there = asOurs(api.getSceneElementsIncludingDeleted());
  const ids = new Set(parts.map(({ id }) => id));
  api.updateScene({
    elements: asTheirs([...there.filter(({ id }) => !ids.has(id)), ...parts]),
    captureUpdate: CaptureUpdateAction.NEVER,
  });
}

const measure: Measure = ({ fontSize, fontFamily, lineHeight, autoResize, width }, text) => {
  const skeleton = { type: "text", x: 0, y: 0, text, fontSize, fontFamily, lineHeight };
  const [measured] = asOurs(convertToExcalidrawElements([skeleton] as never));
  return {
    width: Number(autoResize === false ? width : measured?.width),
    height: Number(measured?.height),
  };
};

function inParts({ type }: SceneElement, count: number): string {
  if (type !== "text") return `This stroke is very long, so it is in ${count} parts.`;
  const so = count === 1 ? "its lines are broken" : `it is in ${count} parts`;
  return `This text is longer than one on a board can be, so ${so}.`;
}

function reasonFor(element: SceneElement): string {
  if (!KINDS.has(element.type))
    return "A board can't show web pages from elsewhere. They were taken out; write their address as text.";
  if (isTooFar(element)) return "That is larger, or further away, than a board can be. It was taken back.";
  return "That is nothing a board can keep. It was taken back.";
}

function isTooFar({ x, y, width, height, fontSize, points }: SceneElement): boolean {
  const far = [x, y].some((n) => Math.abs(Number(n)) > FAR);
  const edges = [width, height, ...((points ?? []) as [number, number][]).flat()];
  return far || edges.some((n) => Math.abs(Number(n)) > SIZE) || Number(fontSize ?? 0) > LETTER;
}
