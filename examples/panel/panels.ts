/** The panels of the page, and one more. */
export * from "../../web/src/panels";
export { notes } from "./notes/panel";
