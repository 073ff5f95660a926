/**
 * Images brought onto the board: made to be what a board shows, and to fit what is stored inline, or refused in a
 * sentence.
 */
import { digestOf } from "../../../shared/ids";
import { EDGE } from "../codec/limits";
import { FILE, isSmall } from "../model/files";
import { isSvg, type Picture, pictureIn } from "../model/picture";
import { UserError } from "../../../shared/sentences";
import { rasterised } from "./svg";

/** Longest edges tried, in pixels, each at several qualities. */
const EDGES = [2_560, 1_920, 1_440, 1_080, 720];
const QUALITIES = [0.86, 0.7];
/** Pixels of what somebody's own camera made: 600 MB for a moment, away from the page. */
const CAMERA = 150_000_000;

export class TooLarge extends UserError {
  override readonly name = "TooLarge";

  constructor() {
    super(
      "This image is larger than 512 KiB and could not be made smaller. Try another format or a smaller one.",
    );
  }
}

export class NoImage extends UserError {
  override readonly name = "NoImage";

  constructor() {
    super("This file is damaged, or no picture that can be read here. Try PNG, JPEG or WebP.");
  }
}

/** The image itself if others are shown it as it is, else drawn anew and smaller. Throws a sentence. */
export async function fitting(image: Blob): Promise<Blob> {
  const data = new Uint8Array(await image.arrayBuffer());
  const picture = pictureIn(data);
  if (picture && isSmall(picture) && image.size <= FILE) {
    if (!(await isWhatItSays({ ...picture, data }))) throw new NoImage();
    // By what it is, not by what it is called.
    return picture.mime === image.type ? image : new Blob([data], { type: picture.mime });
  }
  if (!picture && isSvg(data)) return shrunk(await rasterised(data));
  if (picture && picture.width * picture.height > CAMERA) throw new TooLarge();
  return shrunk(await decoded(image, picture));
}

/** Whether the browser finds what the file's first bytes say; it looks off the main thread. */
export async function isWhatItSays({
  data,
  mime,
  width,
  height,
}: Picture & { data: Uint8Array }): Promise<boolean> {
  try {
    const bitmap = await createImageBitmap(new Blob([data.slice()], { type: mime }));
    // Turned by what a camera noted in it.
    const sound = Math.max(bitmap.width, bitmap.height) <= Math.max(width, height) && isSmall(bitmap);
    bitmap.close();
    return sound;
  } catch {
    return false;
  }
}

/** No larger than anybody is shown, so that of a camera's picture only the small one is kept. */
async function decoded(image: Blob, picture: Picture | undefined): Promise<ImageBitmap> {
  const resize = picture && !isSmall(picture) ? within(picture, EDGE) : undefined;
  try {
    return await createImageBitmap(image, {
      ...(resize && { resizeWidth: resize.width, resizeHeight: resize.height, resizeQuality: "high" }),
    });
  } catch {
    throw new NoImage();
  }
}

async function shrunk(picture: ImageBitmap | HTMLCanvasElement): Promise<Blob> {
  try {
    for (const edge of EDGES) {
      for (const quality of QUALITIES) {
        const smaller = await drawn(picture, edge, quality);
        if (smaller && smaller.size <= FILE) return smaller;
      }
    }
  } finally {
    if ("close" in picture) picture.close();
  }
  throw new TooLarge();
}

/** WebP keeps transparency; a browser that cannot write it gives PNG, which is checked like any other. */
async function drawn(
  picture: ImageBitmap | HTMLCanvasElement,
  edge: number,
  quality: number,
): Promise<Blob | undefined> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, within(picture, edge));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), "image/webp", quality));
}

export function within({ width, height }: { width: number; height: number }, edge: number) {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The digest of an image's bytes, which is its id on the board. */
export async function digest(data: Uint8Array): Promise<string> {
  return (await digestOf(data)).slice(0, 40);
}
