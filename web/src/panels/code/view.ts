/** The live topic `view`: the file that somebody has before them, and the first line they see of it. */
import type { DocView } from "../../engine";

export interface View {
  file: string;
  /** Counted from 1. */
  line: number;
}

export const TOPIC = "view";
const FORM = /^([A-Za-z0-9_-]{1,64}) ([1-9]\d{0,6})$/;

export function encoded({ file, line }: View): Uint8Array {
  return new TextEncoder().encode(`${file} ${line}`);
}

/** A decoded view of somebody, if the bytes are valid. */
export function decoded(value: Uint8Array): View | undefined {
  const [, file, line] = FORM.exec(new TextDecoder().decode(value.subarray(0, 80))) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

export function sayView(document: DocView, view: View | undefined): void {
  document.say(TOPIC, view ? encoded(view) : null);
}
