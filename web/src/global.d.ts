import type { Covey, Room } from "./engine";

declare global {
  /** The engine, once it runs: `await covey.rooms()`. */
  var covey: Covey | undefined;
  /** The room on show, for whoever embeds or debugs the page: `await coveyRoom.stats()`. */
  var coveyRoom: Room | undefined;
  /** The fragment with which the page was opened, from `public/link.js` until the page takes it. */
  var coveyFragment: string | undefined;
}
