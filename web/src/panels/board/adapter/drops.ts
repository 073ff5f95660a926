/**
 * Files that are dropped on the board. Excalidraw takes one at a time, replaces the whole page by a drawing, believes
 * what a file is called, and has a library that is nowhere to be seen here; so each file is looked at first.
 */
import { loadFromBlob } from "@excalidraw/excalidraw";
import { IMPORT, textOf } from "./exports";
import { fitting } from "./images";
import { UserError } from "../../../shared/sentences";
import { asOurs } from "./surface";

interface DropsOptions {
  writes: () => boolean;
  /** A drawing, as the text of a file of Excalidraw. */
  onDrawing: (text: string) => void;
  onProblem: (problem: unknown) => void;
}

/** Pictures lie one beside the other, as far apart as this. */
const STEP = 24;
const DRAWING = /\.(excalidraw|json)$/i;
const PICTURE = /\.(png|jpe?g|gif|webp|svg|bmp|ico|avif|jfif)$/i;

const LOOK_ONLY = "You can look at this board, and not add to it.";
const LIBRARY =
  "Libraries of Excalidraw can't be used here. A drawing can be added, as a file of Excalidraw.";
const TOO_LARGE = "This file is too large for a board.";
const OTHER = "Only pictures and files of Excalidraw can be put on the board.";

/** Looks at what is dropped until the returned function is called. */
export function takeDrops(host: HTMLElement, options: DropsOptions): () => void {
  const own = new WeakSet<Event>();
  const drop = (event: DragEvent) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (own.has(event) || files.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, clientX, clientY } = event;
    const show = (file: File, at: number) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      const [x, y] = [clientX + at * STEP, clientY + at * STEP];
      const picture = { dataTransfer, clientX: x, clientY: y, bubbles: true, cancelable: true };
      const shown = new DragEvent("drop", picture);
      own.add(shown);
      target?.dispatchEvent(shown);
    };
    void takeAll(files, show, options);
  };
  host.addEventListener("drop", drop, true);
  return () => host.removeEventListener("drop", drop, true);
}

async function takeAll(
  files: readonly File[],
  show: (file: File, at: number) => void,
  { writes, onDrawing, onProblem }: DropsOptions,
): Promise<void> {
  if (!writes()) {
    onProblem(new UserError(LOOK_ONLY));
    return;
  }
  let pictures = 0;
  for (const file of files) {
    try {
      const drawing = await drawingIn(file);
      if (drawing !== undefined) onDrawing(drawing);
      else show(await pictureIn(file), pictures++);
    } catch (problem) {
      // Of several files, people want to know which.
      onProblem(problem instanceof UserError ? new UserError(`${file.name}: ${problem.message}`) : problem);
    }
  }
}

/** The drawing in a file, also one that stands in a picture of it. */
async function drawingIn(file: File): Promise<string | undefined> {
  if (/\.excalidrawlib$/i.test(file.name)) throw new UserError(LIBRARY);
  if (file.size > IMPORT) throw new UserError(TOO_LARGE);
  if (DRAWING.test(file.name) || file.type === "application/json") return file.text();
  if (!["image/png", "image/svg+xml"].includes(file.type)) return undefined;
  try {
    const { elements, files } = await loadFromBlob(file, null, null);
    return textOf({ elements: asOurs(elements), files });
  } catch {
    // A picture like any other.
    return undefined;
  }
}

/** The file as a picture that others can be shown. Throws a sentence. */
async function pictureIn(file: File): Promise<File> {
  if (!file.type.startsWith("image/") && !PICTURE.test(file.name)) throw new UserError(OTHER);
  const fits = await fitting(file);
  return new File([fits], file.name, { type: fits.type });
}
