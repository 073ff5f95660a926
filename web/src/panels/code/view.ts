/** The live topic `view`: the file that somebody has before them, and the first line they see of it. */
import type { DocView, Room, Said } from "../../engine";

export interface View {
  file: string;
  /** Counted from 1. */
  line: number;
}

const TOPIC = "view";
const FORM = /^([A-Za-z0-9_-]{1,64}) ([1-9]\d{0,6})$/;

export function encoded({ file, line }: View): Uint8Array {
  return new TextEncoder().encode(`${file} ${line}`);
}

/** What somebody said they see, if it has the form of it. */
export function decoded(value: Uint8Array): View | undefined {
  const [, file, line] = FORM.exec(new TextDecoder().decode(value.subarray(0, 80))) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

export function sayView(document: DocView, view: View | undefined): void {
  document.say(TOPIC, view ? encoded(view) : null);
}

/** Who sees what, by member; of several pages of one person, one counts. */
export function views(document: DocView, room: Room): ReadonlyMap<string, View> {
  const found = new Map<string, View>();
  for (const [client, value] of document.said(TOPIC)) {
    const member = room.author(client);
    const view = decoded(value);
    if (member !== undefined && view) found.set(member, view);
  }
  return found;
}

/** Calls back whenever somebody says what they see, takes it back, or becomes known as who they are. */
export function watchViews(document: DocView, room: Room, listener: () => void): () => void {
  const heard = (event: Event) => {
    if ((event as CustomEvent<Said>).detail.topic === TOPIC) listener();
  };
  document.addEventListener("said", heard);
  const stop = room.on("people", listener);
  return () => {
    document.removeEventListener("said", heard);
    stop();
  };
}
