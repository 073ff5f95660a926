/** Excalidraw without anybody's servers: its fonts beside the page, nothing else to fall back to. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const folder = dirname(createRequire(import.meta.url).resolve("@excalidraw/excalidraw"));

/** Chunks that are fetched when somebody needs them, and not to open the page without a network. */
export const WHEN_USED = ["**/excalidraw/fonts/Xiaolai/**", "**/board-languages/**"];

/** Not among the fonts one can write in; the page has its own. */
const UNUSED = new Set(["Assistant"]);

/** What is changed in the library's code: each must be found, so that a new version is looked at. */
const CHANGES: readonly [what: string, pattern: RegExp, by: string][] = [
  [
    "fonts from elsewhere",
    /`https:\/\/esm\.sh\/\$\{(\w+)\.PKG_NAME\?`[^`]*`:"[^"]*"\}\/dist\/prod\/`/,
    'new URL("./excalidraw/",document.baseURI).href',
  ],
  ["work on fonts in the background", /=typeof Worker<"u"/, "=false"],
  [
    "colours of people",
    /(\((\w+),(\w+)\)=>)(`hsl\(\$\{Math\.abs\(\w+\(\3\?\.id\|\|\2\)\)%37\*10\}, 100%, 83%\)`)/,
    "$1$3?.color?.background??$4",
  ],
  [
    "what is in view, for the memory of canvases",
    /(visibleElements:(\w+),scale:\w+,appState:(\w+),renderConfig:\w+\}\)=>\{)if\(\w+===null\)return;/,
    "$&globalThis.coveyCanvases.view($2,$3.zoom.value);",
  ],
  [
    "the size of canvases",
    /(=\((\w+),\w+,\w+\)=>\{let [^{}]{0,500}?)(\w+)\*(\w+)\*(\w+)\*\5>16777216&&\(\5=Math\.sqrt\(16777216\/\(\3\*\4\)\)\)/,
    "$1$5=globalThis.coveyCanvases.scale($2,$3,$4,$5)",
  ],
  [
    "canvases that are kept",
    /\((\w+)\.set\((\w+),(\w+)\),\3\):null\}return (\w+)\}/,
    "($1.set($2,globalThis.coveyCanvases.keep($3)),$3):null}return $4}",
  ],
  [
    "images decoded on the main thread",
    /(let (\w+)=new Image;\2\.onload=\(\)=>\{)(\w+)\(\2\)\},\2\.onerror=\w+=>\{(\w+)\(\w+\)\}/,
    "$1$2.decode().then(()=>$3($2),$4)},$2.onerror=$4",
  ],
];

/** Diagrams from text would bring two more megabytes of code. */
const MERMAID = "@excalidraw/mermaid-to-excalidraw";
const NO_MERMAID = "\0no-mermaid";
/** Cutting fonts takes code made from text, and 1.8 MB. */
const FONT_CUTTER = "./subset-shared.chunk.js";
const WHOLE_FONTS = fileURLToPath(new URL("./src/panels/board/adapter/wholeFonts.ts", import.meta.url));
/** Without workers nobody asks for it. */
const FONT_WORKER = "./subset-worker.chunk.js";
const NO_FONT_WORKER = "\0no-font-worker";

const REPLACED = new Map([
  [MERMAID, NO_MERMAID],
  [FONT_CUTTER, WHOLE_FONTS],
  [FONT_WORKER, NO_FONT_WORKER],
]);
const EMPTY = new Map([
  [NO_MERMAID, "export const parseMermaidToExcalidraw = () => Promise.reject(new Error('not available'));"],
  [NO_FONT_WORKER, "export const WorkerUrl = undefined;"],
]);

export function excalidraw(): Plugin {
  const found = new Set<string>();
  return {
    name: "excalidraw",
    enforce: "pre",
    apply: "build",
    resolveId: (id, importer) => (importer?.startsWith(folder) ? REPLACED.get(id) : undefined),
    load: (id) => EMPTY.get(id),
    transform(code, id) {
      if (!id.startsWith(folder)) return undefined;
      let changed = code;
      for (const [what, pattern, by] of CHANGES) {
        const next = changed.replace(pattern, by);
        if (next !== changed) found.add(what);
        changed = next;
      }
      return changed === code ? undefined : { code: changed, map: null };
    },
    buildEnd(error) {
      const missing = CHANGES.filter(([what]) => !found.has(what)).map(([what]) => what);
      if (!error && missing.length > 0) this.error(`not found in Excalidraw: ${missing.join(", ")}`);
    },
    generateBundle() {
      for (const file of fonts()) {
        const fileName = `excalidraw/${relative(folder, file).split(sep).join("/")}`;
        this.emitFile({ type: "asset", fileName, source: readFileSync(file) });
      }
    },
  };
}

function fonts(): string[] {
  const all = join(folder, "fonts");
  return readdirSync(all, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".woff2"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !UNUSED.has(relative(all, file).split(sep)[0] ?? ""));
}

/** Translations have a folder of their own, so that they can be told from what the page always needs. */
export function chunkName({ facadeModuleId }: { facadeModuleId?: string | null }): string {
  const isLanguage = facadeModuleId?.startsWith(join(folder, "locales")) === true;
  return isLanguage ? "assets/board-languages/[name]-[hash].js" : "assets/[name]-[hash].js";
}
