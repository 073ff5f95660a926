/** The page's own memory: name, nodes, look and layout for good, the open room for this tab. Never a link. */

type Kept = "name" | "node" | "nodes" | "theme" | "layout" | "lasting";
/** `asked`: that a link was open, not which. */
type ForTab = "room" | "asked";

export const device = over<Kept>(() => localStorage);
export const tab = over<ForTab>(() => sessionStorage);

/** Reading `localStorage` throws where a browser closes storage to the page, so every access is guarded. */
function over<K extends string>(storage: () => Storage) {
  return {
    read(key: K): string | undefined {
      try {
        return storage().getItem(`covey.${key}`) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(key: K, value: string | undefined): void {
      try {
        if (value === undefined) storage().removeItem(`covey.${key}`);
        else storage().setItem(`covey.${key}`, value);
      } catch {
        // Forgotten at the end of the page's life, which is all that can be had here.
      }
    },
  };
}
