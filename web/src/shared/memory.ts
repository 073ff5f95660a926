/** The page's own memory: name, nodes, look, layout and devices for good, the open room for this tab. Never a link. */

type Kept = "name" | "node" | "nodes" | "theme" | "layout" | "lasting" | "call";
/** `asked`: that a link was open, not which; `page`: which page load this is. */
type ForTab = "room" | "asked" | "page";

export const device = over<Kept>(() => localStorage);
export const tab = over<ForTab>(() => sessionStorage);

/** Reading `localStorage` throws where a browser closes storage to the page, so every access is guarded. */
function over<K extends string>(storage: () => Storage) {
  const known = new Map<K, string>();
  const write = (key: K, value: string | undefined): void => {
    if (value === undefined) known.delete(key);
    else known.set(key, value);
    try {
      if (value === undefined) storage().removeItem(`covey.${key}`);
      else storage().setItem(`covey.${key}`, value);
    } catch {
      // Forgotten at the end of the page's life, which is all that can be had here.
    }
  };
  return {
    read(key: K): string | undefined {
      try {
        const value = storage().getItem(`covey.${key}`) ?? undefined;
        if (value !== undefined) known.set(key, value);
        return value;
      } catch {
        return undefined;
      }
    },
    write,
    /** Writes what this page knows of it, where all was deleted. */
    rewrite(): void {
      for (const [key, value] of known) write(key, value);
    },
  };
}
