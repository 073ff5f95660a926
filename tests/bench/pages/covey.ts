/** Covey as its own page has it, by the interface that the page uses: `globalThis.covey`. */
import type { Room } from "../../../wasm/ts/types";
import { offer } from "./measures";
import { instant, pause, type Meeting } from "./player";
import { TextContender } from "./text";

/** Where the text stands. */
const FILE = "file/bench";
/** So many edits may wait for the others' disks. */
const WAITING = 50_000;

class Covey extends TextContender {
  private room: Room | undefined;

  /** A room is joined by a link and opened again by its id. */
  async meet({ place, at, own, other }: Meeting): Promise<number> {
    const { covey } = globalThis;
    if (!covey) throw new Error("the page's engine is not there");
    await instant(at);
    const name = "Bench";
    const room = place.includes("#")
      ? await covey.join(place, { name })
      : await covey.reopen(place, { name });
    const text = await this.enter(room);
    if (own !== "") text.insert(text.length, own);
    return this.shows(text, other);
  }

  /** Takes part in a room that was opened. */
  async enter(room: Room) {
    this.room = room;
    globalThis.coveyRoom = room;
    const view = await room.doc("code");
    const text = view.doc.getText(FILE);
    this.follow(text);
    return text;
  }

  async ready(): Promise<void> {
    while (this.room && this.room.people.length > 1 && this.room.status.waiting > WAITING)
      await pause(4);
  }
}

offer(new Covey());
