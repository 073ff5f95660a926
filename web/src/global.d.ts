import type { Room } from "./engine";

declare global {
  /** The room on show, for whoever embeds or debugs the page: `await coveyRoom.stats()`. */
  var coveyRoom: Room | undefined;
}
