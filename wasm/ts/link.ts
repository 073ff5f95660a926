/** Links as addresses: the page, `#`, and the capability. */

/** The address of a page without its query and fragment. */
export function pageOf(address: string): string {
  const [page = ""] = address.split(/[?#]/, 1);
  return page;
}

/** A link on some page. */
export function linkOn(page: string, fragment: string): string {
  return `${pageOf(page)}#${fragment}`;
}

/** The page of a link, where it names one. */
export function pageOfLink(link: string): string | undefined {
  const at = link.indexOf("#");
  return at > 0 ? link.slice(0, at).trim() : undefined;
}
