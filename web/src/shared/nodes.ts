/**
 * The nodes of a page on a plain static host, named in the file `covey.json` beside it; a node's own has no such list.
 */
import { device } from "./memory";

/** Addresses that a link has room for. */
const MOST = 8;
/** A host that does not answer within this time counts as having no list. */
const PATIENCE = 4_000;

let asked: Promise<string[]> | undefined;

/** Nodes that new rooms are to name; none means that the page's own origin is one. */
export function siteNodes(): Promise<string[]> {
  asked ??= ask().catch(() => {
    // The host may be offline: its last answer still holds.
    asked = undefined;
    return nodesIn(device.read("nodes") ?? "");
  });
  return asked;
}

async function ask(): Promise<string[]> {
  const answer = await fetch("./covey.json", { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
  // Many hosts answer with a page where there is no such file.
  const nodes = nodesIn(answer.ok ? await answer.text() : "");
  device.write("nodes", nodes.length === 0 ? undefined : JSON.stringify({ nodes }));
  return nodes;
}

/** The nodes that such a file names. */
export function nodesIn(file: string): string[] {
  try {
    const { nodes } = JSON.parse(file) as { nodes?: unknown };
    if (!Array.isArray(nodes)) return [];
    return nodes.filter((node) => typeof node === "string").slice(0, MOST);
  } catch {
    return [];
  }
}
