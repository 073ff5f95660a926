/** The images of a page between Excalidraw, which holds them as data URLs, and the shared files. */
import type {
  BinaryFileData,
  BinaryFiles,
  DataURL,
  ExcalidrawImperativeAPI,
} from "@excalidraw/excalidraw/types";
import type { FileId } from "@excalidraw/excalidraw/element/types";
import type { SceneElement } from "../codec/element";
import { GALLERY } from "../codec/limits";
import { type BoardFile, type BoardPicture, type Files, fromDataUrl, toDataUrl } from "../model/files";
import { digest, fitting, isWhatItSays } from "./images";

interface GalleryOptions {
  api: ExcalidrawImperativeAPI;
  files: Files;
  /** The pictures on the page. */
  elements: () => Iterable<SceneElement>;
  /** A picture turned out to be none. */
  onRefused: () => void;
  onProblem: (problem: unknown) => void;
}

export class Gallery {
  private readonly given = new Set<string>();
  /** By what stands in the files: somebody may replace it. */
  private readonly refused = new WeakSet<BoardPicture>();
  /** On the page by one's own hand, with a file that Excalidraw is still reading. */
  private readonly awaited = new Set<string>();
  /** Pixels of what was given. */
  private pixels = 0;
  private looking = Promise.resolve();
  private ended = false;
  private readonly stopped: () => void;

  constructor(private readonly options: GalleryOptions) {
    this.stopped = options.files.onChange(() => queueMicrotask(() => this.show()));
  }

  /** Gives Excalidraw the images that are on the page and that it does not have, each when it was looked at. */
  show(): void {
    for (const id of fileIds(this.options.elements())) {
      const file = this.given.has(id) ? undefined : this.options.files.get(id);
      if (!file || this.refused.has(file)) continue;
      const pixels = file.width * file.height;
      if (this.pixels + pixels > GALLERY) this.refuse(file);
      else {
        this.given.add(id);
        this.pixels += pixels;
        // One after the other, so that only one is decoded twice at a time.
        this.looking = this.looking.then(() => this.give(file));
      }
    }
  }

  isRefused(id: string): boolean {
    const file = this.options.files.get(id);
    return file ? this.refused.has(file) : this.options.files.has(id);
  }

  /** How many images on the page are there and not shown. */
  refusedOnPage(): number {
    let count = 0;
    for (const id of fileIds(this.options.elements())) if (this.isRefused(id)) count += 1;
    return count;
  }

  /** Stores the images of elements that were just stored. */
  share(elements: Iterable<SceneElement | null>, files: BinaryFiles): void {
    for (const id of fileIds(elements)) if (!this.options.files.has(id)) this.awaited.add(id);
    for (const id of this.awaited) {
      const file = files[id];
      if (!file) continue;
      this.awaited.delete(id);
      this.given.add(id);
      const content = fromDataUrl(file.dataURL);
      if (content) this.put(id, content.mime, content.data).catch(this.options.onProblem);
    }
  }

  /** The id for an image that is being brought in, which fits from here on. Throws with a sentence if it can't. */
  readonly adopt = async (image: File): Promise<string> => {
    const fits = await fitting(image);
    const data = new Uint8Array(await fits.arrayBuffer());
    const id = await digest(data);
    // Excalidraw shows an image that it already has under this id instead of the one that it was given.
    if (fits !== image)
      this.options.api.addFiles([asTheirs({ id, mime: fits.type, data, created: Date.now() })]);
    return id;
  };

  destroy(): void {
    this.ended = true;
    this.stopped();
  }

  private async give(file: BoardPicture): Promise<void> {
    const sound = await isWhatItSays(file);
    if (this.ended) return;
    if (sound) this.options.api.addFiles([asTheirs(file)]);
    else {
      this.given.delete(file.id);
      this.pixels -= file.width * file.height;
      this.refuse(file);
    }
  }

  private refuse(file: BoardPicture): void {
    this.refused.add(file);
    this.options.onRefused();
  }

  private async put(id: string, mime: string, data: Uint8Array): Promise<void> {
    const fits = await fitting(new Blob([data.slice()], { type: mime }));
    const bytes = new Uint8Array(await fits.arrayBuffer());
    this.options.files.put({ id, mime: fits.type, data: bytes, created: Date.now() });
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
