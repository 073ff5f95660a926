/** Takes everything out of HTML that is not of the chat's small subset. */
import DOMPurify, { type Config } from "dompurify";

const subset: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: ["p", "br", "em", "strong", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a"],
  // `class` names the language of code, and is read for nothing else.
  ALLOWED_ATTR: ["href", "class", "start", "data-mark"],
  // No addresses, which all other attributes are taken for.
  ADD_URI_SAFE_ATTR: ["start", "data-mark"],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  RETURN_DOM_FRAGMENT: true,
};

export function sanitize(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, subset);
}
