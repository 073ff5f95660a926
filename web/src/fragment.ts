/** Takes an invitation out of the address bar the moment the page sees it. */

/** The fragment of the address, if any; afterwards neither the address nor the history has it. */
export function takeFragment(): string | undefined {
  const fragment = location.hash.slice(1);
  if (location.href.includes("#")) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
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
