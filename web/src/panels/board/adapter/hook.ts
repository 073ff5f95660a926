/** The board's interface for embedding, debugging and testing the page, while it is shown. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";
import { Files } from "../model/files";
import { type Page, pagesIn } from "../model/pages";
import { drawable } from "../model/cost";
import { PageStore } from "../model/pageStore";
import { mended } from "../model/ties";
import { asTheirs as fileOf } from "./gallery";
import { type Drawing, pngOf, sorted, svgOf, textOf } from "./exports";
import type { Session } from "./session";
import { asOurs } from "./surface";

export interface BoardElement {
  id: string;
  type: string;
  x: number;
  y: number;
  strokeColor: string;
  text?: string;
}

export interface BoardHook {
  /** The page on show. */
  readonly page: string;
  pages(): readonly Page[];
  /** The elements drawn on the page on show, drafts of others included. */
  elements(): BoardElement[];
  /** Ids of what the others are drawing at this moment. */
  drafts(): string[];
  /** Entries of the page on show that are no elements in order. */
  skipped(): number;
  /** Where the others point on this page, by their names. */
  cursors(): { name: string; x: number; y: number }[];
  /** Where the page's own zero point is on the canvas, in pixels. */
  origin(): { x: number; y: number };
  /** A page as it is stored, the one on show by default; without fonts in it, so that texts stay readable. */
  svg(page?: string): Promise<string>;
  png(): Promise<Blob>;
  /** As a file of Excalidraw. */
  file(): string;
}

export function hookOf(
  api: ExcalidrawImperativeAPI,
  session: Session,
  view: DocView,
  page: string,
): BoardHook {
  return {
    page,
    pages: () => pagesIn(view.doc).all(),
    elements: () => asOurs(api.getSceneElements()).map((element) => element as unknown as BoardElement),
    drafts: () => [...session.drafts.elements(session.store.elements).keys()],
    skipped: () => session.store.skipped,
    cursors: () =>
      [...api.getAppState().collaborators.values()].flatMap(({ username, pointer }) =>
        pointer ? [{ name: username ?? "", x: pointer.x, y: pointer.y }] : [],
      ),
    origin: () => {
      const { scrollX, scrollY, zoom } = api.getAppState();
      return { x: scrollX * zoom.value, y: scrollY * zoom.value };
    },
    svg: (of = page) => svgOf(of === page ? shown(api) : stored(view, of), false),
    png: () => pngOf(shown(api)),
    file: () => textOf(shown(api)),
  };
}

function shown(api: ExcalidrawImperativeAPI): Drawing {
  return { elements: asOurs(api.getSceneElements()), files: api.getFiles() };
}

function stored(view: DocView, page: string): Drawing {
  const store = new PageStore(view.doc, page);
  const files = new Files(view.doc);
  try {
    const elements = drawable(mended(sorted(store.elements.values())));
    const images = elements.flatMap(({ fileId }) => files.get(String(fileId)) ?? []);
    return { elements, files: Object.fromEntries(images.map((file) => [file.id, fileOf(file)])) };
  } finally {
    store.destroy();
  }
}
