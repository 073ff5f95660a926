/** Images brought onto the board: made to fit what is stored inline, or refused in a sentence. */
import { FILE } from "../model/files";

/** Longest edges tried, in pixels, each at several qualities. */
const EDGES = [2_560, 1_920, 1_440, 1_080, 720];
const QUALITIES = [0.86, 0.7];

export class TooLarge extends Error {
  override readonly name = "TooLarge";

  constructor() {
    super(
      "This image is larger than 512 KiB and could not be made smaller. Try another format or a smaller one.",
    );
  }
}

/** The image itself if it is small enough, else drawn smaller. Throws `TooLarge`. */
export async function fitting(image: Blob): Promise<Blob> {
  if (image.size <= FILE) return image;
  const picture = await createImageBitmap(image).catch(() => {
    throw new TooLarge();
  });
  try {
    for (const edge of EDGES) {
      for (const quality of QUALITIES) {
        const smaller = await drawn(picture, edge, quality);
        if (smaller && smaller.size <= FILE) return smaller;
      }
    }
  } finally {
    picture.close();
  }
  throw new TooLarge();
}

/** WebP keeps transparency; a browser that cannot write it gives PNG, which is checked like any other. */
async function drawn(picture: ImageBitmap, edge: number, quality: number): Promise<Blob | undefined> {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), "image/webp", quality));
}

/** The digest of an image's bytes, which is its id on the board. */
export async function digest(data: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", data.slice());
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("").slice(0, 40);
}
