/** Takes an invitation out of the address bar the moment the page sees it. */

/** The fragment of the address, if any; afterwards neither the address nor an entry of the tab's history has it. */
export function takeFragment(): string | undefined {
  // The fragment that the page was opened with has been taken by `public/link.js`.
  const early = globalThis.coveyFragment ?? "";
  globalThis.coveyFragment = undefined;
  const fragment = location.hash.slice(1) || early;
  if (location.href.includes("#")) history.replaceState(null, "", location.pathname + location.search);
  return fragment === "" ? undefined : fragment;
}

/** Calls `listener` with every link that is opened in this page later on. */
export function onFragment(listener: (fragment: string) => void): () => void {
  const changed = () => {
    const fragment = takeFragment();
    if (fragment !== undefined) listener(fragment);
  };
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}
