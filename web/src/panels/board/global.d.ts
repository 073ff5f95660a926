import type { BoardHook } from "./adapter/hook";

declare global {
  /** The board on show, for embedding, debugging and testing the page: `await coveyBoard.svg()`. */
  var coveyBoard: BoardHook | undefined;
}
