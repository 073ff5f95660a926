/** The panels of the page: a line for each. */
export { code } from "./code/panel";
export { board } from "./board/panel";
export { chat } from "./chat/panel";
export { people } from "./people/panel";
export { call } from "./call/panel";
