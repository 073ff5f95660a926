/** Finds an invitation in whatever people paste: a whole address, its fragment, or a message around it. */

const address = /https?:\/\/[^\s<>"'#]*#([A-Za-z0-9_-]+)/;

/** The part that the engine reads, or the trimmed text itself when there is no address in it. */
export function linkIn(text: string): string {
  const found = address.exec(text)?.[1];
  return found ?? text.trim().replace(/^#/, "");
}
