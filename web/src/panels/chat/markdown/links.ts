/** Where a link in a message may lead. */

const PROTOCOLS: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** The whole address, if it is one that may be opened. */
export function safeAddress(href: string | null): string | undefined {
  // Relative ones would lead to this page's own origin.
  if (href === null || !/^(?:https?:\/\/|mailto:)/i.test(href)) return undefined;
  try {
    const url = new URL(href);
    return PROTOCOLS.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a link's text is an address itself, which is read from left to right in every script. */
export function isAddress(text: string): boolean {
  return /^(?:https?:|www\.|[^\s@]+@)\S+$/i.test(text);
}
