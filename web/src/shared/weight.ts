/**
 * Decides by the text alone, before any parser sees it, whether a text may be parsed and coloured.
 * A text that may not was written to make the page slow. Without colours it is shown like others.
 */
import { BLOCK_WORK, COLORED, DEPTH, LINE, NESTING } from "./limits";
import { workOf } from "./markdown";

/** Why a text is shown without colours. */
export type Trouble = "size" | "line" | "depth" | "block";

/** How a text nests: by brackets, by tags too, or as Markdown does. */
export type Kind = "brackets" | "tags" | "markdown";

export function kindOf(language: string | undefined): Kind {
  if (language === "Markdown") return "markdown";
  return language !== undefined && /^(HTML|JavaScript|TypeScript)$/.test(language) ? "tags" : "brackets";
}

/** The whole text, looked through once. */
export function troubleIn(text: string, kind: Kind): Trouble | undefined {
  if (text.length > COLORED) return "size";
  if (hasLongLine(text)) return "line";
  if (depthOf(text, kind) > DEPTH) return "depth";
  return kind === "markdown" ? markdownTrouble(text) : undefined;
}

/** Of Markdown also the block that an edit is in, by itself. */
export function markdownTrouble(text: string): Trouble | undefined {
  const { most, nesting } = workOf(text);
  if (nesting > NESTING) return "depth";
  return most > BLOCK_WORK ? "block" : undefined;
}

function hasLongLine(text: string): boolean {
  for (let from = 0; from + LINE < text.length;) {
    const end = text.lastIndexOf("\n", from + LINE);
    if (end < from) return true;
    from = end + 1;
  }
  return false;
}

/** How deep brackets and tags stand inside each other, at most. A bracket that closes nothing counts for nothing. */
export function depthOf(text: string, kind: Kind): number {
  return Math.max(kind === "markdown" ? 0 : bracketsIn(text), kind === "brackets" ? 0 : tagsIn(text));
}

function bracketsIn(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x28 || unit === 0x5b || unit === 0x7b) {
      depth += 1;
      if (depth > most) most = depth;
    } else if (depth > 0 && (unit === 0x29 || unit === 0x5d || unit === 0x7d)) depth -= 1;
  }
  return most;
}

/** Not behind a name, where it is a comparison or a type. */
const TAG = /(?<![\w$])<([A-Za-z][\w:.-]{0,40})|<\/[A-Za-z>]|\/>/g;
/** Tags that hold nothing, or that the next of their kind ends. */
const ALONE =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|option|optgroup|tr|td|th|thead|tbody|tfoot|rt|rp)$/i;

function tagsIn(text: string): number {
  let [depth, most] = [0, 0];
  for (const [, name] of text.matchAll(TAG)) {
    if (name === undefined) depth = Math.max(0, depth - 1);
    else if (!ALONE.test(name)) most = Math.max(most, (depth += 1));
  }
  return most;
}
