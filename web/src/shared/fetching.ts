/**
 * Parts of the page that are fetched when they are needed. The build puts this in place of Vite's own helper, so that
 * every `import()` goes through it: browsers remember for as long as the page lives that a module could not be fetched,
 * and so its files are fetched before the browser is told to import it.
 */

/** A part could not be fetched. */
export class Unfetched extends Error {
  override readonly name = "Unfetched";

  constructor(
    /**
     * `away`: it may come the next time. `updated`: a newer version is at its place, and only the whole page, loaded
     * again, has its parts. `stuck`: the browser has noted that there is no such module.
     */
    readonly why: "away" | "updated" | "stuck",
  ) {
    super("A part of the page could not be fetched");
  }
}

/** Those that are here already, and those on their way. */
const files = new Map<string, Promise<void>>();

/** Imports a module of which these are all files, named relative to the one that wants it. */
export async function fetching<T>(load: () => Promise<T>, names: string[] = [], importer = ""): Promise<T> {
  try {
    await Promise.all(names.map((name) => here(new URL(name, importer).href)));
  } catch {
    throw new Unfetched((await isOutdated()) ? "updated" : "away");
  }
  try {
    return await load();
  } catch (error) {
    // In the words of Chromium and Firefox, and of Safari.
    if (error instanceof TypeError && /dynamically imported|Importing a module/.test(error.message))
      throw new Unfetched("stuck");
    throw error;
  }
}

function here(address: string): Promise<void> {
  let file = files.get(address);
  if (!file) {
    file = address.endsWith(".css") ? style(address) : script(address);
    files.set(address, file);
    file.catch(() => files.delete(address));
  }
  return file;
}

async function script(address: string): Promise<void> {
  if (isLinked(address)) return;
  const answer = await fetch(address);
  // Many hosts answer with a page where there is no such file.
  const isScript = answer.ok && answer.headers.get("content-type")?.includes("javascript") === true;
  // To its end: only then does the browser keep it.
  await answer.arrayBuffer();
  if (!isScript) throw new Error(`no script: ${address}`);
}

function style(address: string): Promise<void> {
  if (isLinked(address)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.crossOrigin = "";
    link.href = address;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`no style: ${address}`));
    };
    document.head.append(link);
  });
}

/** Whether the page itself names the file. */
function isLinked(address: string): boolean {
  const named = document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("link[href], script[src]");
  return Array.from(named).some((each) => ("src" in each ? each.src : each.href) === address);
}

/** Whether the page that is served now is another one. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module]")?.getAttribute("src");
  if (own === null || own === undefined) return false;
  try {
    const answer = await fetch("./", { cache: "no-cache", signal: AbortSignal.timeout(4_000) });
    const page = await answer.text();
    return answer.ok && page.includes("<script") && !page.includes(own);
  } catch {
    return false;
  }
}
