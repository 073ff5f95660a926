/** A drawing from a file, put onto the page on show. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";
import { count } from "../../../shared/format";
import { encodeElement } from "../codec/codec";
import { amountOf, type Bulk } from "../model/bulk";
import { Files } from "../model/files";
import { type Imported, importOf } from "./exports";
import { fitting } from "./images";
import { withinPage } from "./insert";
import { UserError } from "../../../shared/sentences";

class TooMuch extends UserError {
  override readonly name = "TooMuch";

  constructor() {
    super(
      "This file holds more than one page can show. Save it as several smaller ones and add them one by one.",
    );
  }
}

/** Answers how many elements have no place on a board. Throws a sentence. */
export async function addDrawing(
  text: string,
  { api, view, bulk }: { api: ExcalidrawImperativeAPI; view: DocView; bulk: Bulk },
): Promise<number> {
  const drawing = importOf(text);
  const amounts = drawing.elements.map((element) => amountOf(encodeElement(element)));
  if (bulk.wouldBeTooMuch(amounts)) throw new TooMuch();
  const lost = await shareFiles(new Files(view.doc), drawing);
  withinPage(api, drawing.elements);
  return drawing.skipped + lost;
}

/** The sentence for elements that were left out. */
export const leftOut = (skipped: number): string =>
  `${count(skipped, "element")} of the file ${skipped === 1 ? "has" : "have"} no place on a board.`;

/** Each made to fit first; answers how many could not be. */
async function shareFiles(shared: Files, { files }: Imported): Promise<number> {
  let lost = 0;
  for (const { id, mime, data, created } of files) {
    try {
      const fits = await fitting(new Blob([data.slice()], { type: mime }));
      shared.put({ id, mime: fits.type, data: new Uint8Array(await fits.arrayBuffer()), created });
    } catch {
      lost += 1;
    }
  }
  return lost;
}
