/** The images of a page between Excalidraw, which holds them as data URLs, and the shared files. */
import type {
  BinaryFileData,
  BinaryFiles,
  DataURL,
  ExcalidrawImperativeAPI,
} from "@excalidraw/excalidraw/types";
import type { FileId } from "@excalidraw/excalidraw/element/types";
import type { SceneElement } from "../codec/element";
import { type BoardFile, type Files, fromDataUrl, toDataUrl } from "../model/files";
import { digest, fitting } from "./images";

export class Gallery {
  private readonly given = new Set<string>();
  /** On the page by one's own hand, with a file that Excalidraw is still reading. */
  private readonly awaited = new Set<string>();
  private readonly stopped: () => void;

  constructor(
    private readonly api: ExcalidrawImperativeAPI,
    private readonly files: Files,
    private readonly elements: () => Iterable<SceneElement>,
    private readonly onProblem: (problem: unknown) => void,
  ) {
    this.stopped = files.onChange(() => queueMicrotask(() => this.show()));
  }

  /** Gives Excalidraw the images that are on the page and that it does not have. */
  show(): void {
    const missing: BinaryFileData[] = [];
    for (const id of fileIds(this.elements())) {
      const file = this.given.has(id) ? undefined : this.files.get(id);
      if (!file) continue;
      this.given.add(id);
      missing.push(asTheirs(file));
    }
    if (missing.length > 0) this.api.addFiles(missing);
  }

  /** Stores the images of elements that were just stored. */
  share(elements: Iterable<SceneElement | null>, files: BinaryFiles): void {
    for (const id of fileIds(elements)) if (!this.files.has(id)) this.awaited.add(id);
    for (const id of this.awaited) {
      const file = files[id];
      if (!file) continue;
      this.awaited.delete(id);
      this.given.add(id);
      const content = fromDataUrl(file.dataURL);
      if (content) this.put(id, content.mime, content.data).catch(this.onProblem);
    }
  }

  /** The id for an image that is being brought in, which fits from here on. Throws with a sentence if it can't. */
  readonly adopt = async (image: File): Promise<string> => {
    const fits = await fitting(image);
    const data = new Uint8Array(await fits.arrayBuffer());
    const id = await digest(data);
    // What Excalidraw has under this id already is taken in place of the image it was handed.
    if (fits !== image) this.api.addFiles([asTheirs({ id, mime: fits.type, data, created: Date.now() })]);
    return id;
  };

  destroy(): void {
    this.stopped();
  }

  private async put(id: string, mime: string, data: Uint8Array): Promise<void> {
    const fits = await fitting(new Blob([data.slice()], { type: mime }));
    const bytes = new Uint8Array(await fits.arrayBuffer());
    this.files.put({ id, mime: fits.type, data: bytes, created: Date.now() });
  }
}

function* fileIds(elements: Iterable<SceneElement | null>): Generator<string> {
  for (const element of elements) {
    if (element?.type === "image" && typeof element.fileId === "string") yield element.fileId;
  }
}

export function asTheirs(file: BoardFile): BinaryFileData {
  return {
    id: file.id as FileId,
    mimeType: file.mime as BinaryFileData["mimeType"],
    dataURL: toDataUrl(file) as DataURL,
    created: file.created,
  };
}
