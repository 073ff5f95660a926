/** Finds an invitation in whatever people paste: a whole address, its fragment, or a message around it. */

/** A message with a link in it is shorter. */
const LOOKED_THROUGH = 20_000;

const address = /https?:\/\/[^\s<>"'#]*#([A-Za-z0-9_-]+)/;

/** The part that the engine reads, or the trimmed text itself when there is no address in it. */
export function linkIn(text: string): string {
  // The pattern begins anew at each `http:`: of much longer texts it would take the square.
  const found = address.exec(text.slice(0, LOOKED_THROUGH))?.[1];
  return found ?? text.trim().replace(/^#/, "");
}
