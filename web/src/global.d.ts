import type { Covey, Room } from "./engine";

declare global {
  /** The engine, once it runs: `await covey.rooms()`. */
  var covey: Covey | undefined;
  /** The room on show, for embedding and debugging the page: `await coveyRoom.stats()`. */
  var coveyRoom: Room | undefined;
  /** The fragment with which the page was opened, from `public/link.js` until the page takes it. */
  var coveyFragment: string | undefined;
}
