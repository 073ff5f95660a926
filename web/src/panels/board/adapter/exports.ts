/** A page as a picture or a file, and files back to elements. */
import {
  exportToBlob as toBlob,
  exportToSvg as toSvg,
  restoreElements,
  serializeAsJSON,
} from "@excalidraw/excalidraw";
import type { BinaryFiles } from "@excalidraw/excalidraw/types";
import { decodeElement, encodeElement } from "../codec/codec";
import type { SceneElement } from "../codec/element";
import { inOrder, repaired } from "../model/order";
import { type BoardFile, fromDataUrl } from "../model/files";
import { isPlain } from "../codec/checks";
import { UserError } from "../../../shared/sentences";
import { asOurs, asTheirs } from "./surface";

// Their declarations name a package that is not published.
const exportToSvg = toSvg as unknown as (options: object) => Promise<SVGSVGElement>;
const exportToBlob = toBlob as unknown as (options: object) => Promise<Blob>;

/** Characters that XML does not allow, not even as a number. A text on the board may have them. */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** A file of more text than this is no drawing made by hand. */
export const IMPORT = 32 * 1024 * 1024;

export interface Drawing {
  elements: readonly SceneElement[];
  files: BinaryFiles;
}

/** From back to front, as everyone sees them. */
export function sorted(elements: Iterable<SceneElement>): SceneElement[] {
  return repaired([...elements].sort(inOrder)).map(({ element, index }) => ({ ...element, index }));
}

const look = (dark: boolean) => ({
  exportBackground: true,
  viewBackgroundColor: "#ffffff",
  exportWithDarkMode: dark,
  exportEmbedScene: false,
});

/** `fonts` puts them into the picture, so that it looks the same elsewhere. */
export async function svgOf({ elements, files }: Drawing, fonts = true): Promise<string> {
  const svg = await exportToSvg({
    elements: asTheirs(elements),
    files,
    appState: look(false),
    ...(!fonts && { skipInliningFonts: true }),
  });
  return new XMLSerializer().serializeToString(svg).replaceAll(NO_XML, "");
}

export function pngOf({ elements, files }: Drawing): Promise<Blob> {
  return exportToBlob({ elements: asTheirs(elements), files, appState: look(false) });
}

export function textOf({ elements, files }: Drawing): string {
  return serializeAsJSON(asTheirs(elements), {}, files, "local");
}

export class NoDrawing extends UserError {
  override readonly name = "NoDrawing";

  constructor() {
    super("This is no file of Excalidraw.");
  }
}

export interface Imported {
  elements: SceneElement[];
  /** As they stand in the file: none of them is shown before it fits. */
  files: BoardFile[];
  /** Elements and images that have no place on a board. */
  skipped: number;
}

/** Takes from a file what would be taken from another person. Throws `NoDrawing`. */
export function importOf(text: string): Imported {
  const content = parsed(text);
  const given = content.elements;
  // Old files lack fields that later ones have; what is worse is caught by the codec.
  const restored = asOurs(restoreElements(given.filter(isPlain) as never, null, { repairBindings: true }));
  const elements = restored.flatMap((element) => {
    const checked = element.isDeleted ? undefined : decodeElement(element.id, encodeElement(element));
    return checked ? [checked] : [];
  });
  const wanted = new Set(elements.map(({ fileId }) => fileId));
  const all = Object.entries(content.files).filter(([id]) => wanted.has(id));
  const files = all.flatMap(([id, file]) => fileOf(id, file));
  return { elements, files, skipped: given.length - elements.length + all.length - files.length };
}

function parsed(text: string): { elements: unknown[]; files: Record<string, unknown> } {
  try {
    const content: unknown = JSON.parse(text);
    if (isPlain(content) && content.type === "excalidraw" && Array.isArray(content.elements)) {
      return { elements: content.elements, files: isPlain(content.files) ? content.files : {} };
    }
  } catch {
    // Said below.
  }
  throw new NoDrawing();
}

function fileOf(id: string, file: unknown): BoardFile[] {
  const content = isPlain(file) && typeof file.dataURL === "string" ? fromDataUrl(file.dataURL) : undefined;
  return content ? [{ id, ...content, created: Date.now() }] : [];
}
