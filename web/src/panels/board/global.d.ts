import type { BoardHook } from "./adapter/hook";

declare global {
  /** The board on show, for whoever embeds, debugs or tests the page: `await coveyBoard.svg()`. */
  var coveyBoard: BoardHook | undefined;
}
