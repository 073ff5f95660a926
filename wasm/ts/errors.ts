/** Errors that keep their name on the way through the engine. */
import type { CoveyErrorName } from "./types.js";

/** An error with a stable `name` and a message for the person. */
export class CoveyError extends Error {
  override readonly name: CoveyErrorName;

  constructor(name: CoveyErrorName, message: string) {
    super(message);
    this.name = name;
  }
}
