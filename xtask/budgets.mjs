// What a person downloads before the first room shows, compressed as a web server would, and its limits.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const KIB = 1024;
const LIMITS = { module: 500 * KIB, first: 725 * KIB };
LIMITS.page = LIMITS.first - LIMITS.module;

// A standard library as it is delivered makes the module larger than it is where it is compiled
// along, for size: there the module is only measured.
const strict = process.argv.includes("--std-for-size");

// Chunks that the room does not wait for, or that are fetched when what they belong to is opened.
const LATER = ["Board-", "CallPanel-", "ChatView-", "Editor-", "InviteDialog-", "PanelMenu-", "ShortcutSheet-", "call-"];
// Fetched after the page is there; it names every file, to keep them.
const WORKER = "worker.js";

const dist = "web/dist";
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(map|br|gz)$/.test(entry.name))
  .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)));

const compressed = (path) =>
  brotliCompressSync(readFileSync(path), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  }).length;

// All that index.html names, and what those files name in turn.
const first = new Set(["index.html"]);
for (const file of first) {
  if (!/\.(html|js|css)$/.test(file)) continue;
  // Without the list of what may be preloaded: it also has what the chunks of later need.
  const text = readFileSync(join(dist, file), "utf8").replace(/__vite__mapDeps=.*?\]\)/s, "");
  for (const other of files) {
    const name = other.split("/").at(-1);
    if (name !== WORKER && !LATER.some((later) => name.startsWith(later)) && text.includes(name)) {
      first.add(other);
    }
  }
}

const sizes = [...first].map((file) => [file, compressed(join(dist, file))]);
sizes.sort((a, b) => b[1] - a[1]);
for (const [file, size] of sizes) {
  console.log(`${(size / KIB).toFixed(1).padStart(8)} KiB  ${file}`);
}

const module = compressed("wasm/pkg/covey_wasm_bg.wasm");
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
let kept = true;
// What is measured here is what a node sends: its smaller form lies beside each file.
for (const [file] of sizes) {
  const path = join(dist, file);
  if (statSync(path).size < KIB || path.endsWith(".woff2") || existsSync(`${path}.br`)) continue;
  console.log(`${file} has no .br beside it`);
  kept = false;
}
for (const [what, size, limit, binding] of [
  ["module", module, LIMITS.module, strict],
  ["page without module", total - module, LIMITS.page, true],
  ["first load", total, LIMITS.first, strict],
]) {
  const verdict = size <= limit ? "within" : binding ? "ABOVE" : "measured only; elsewhere at most";
  kept &&= size <= limit || !binding;
  console.log(`${what}: ${(size / KIB).toFixed(1)} KiB brotli, ${verdict} ${limit / KIB} KiB`);
}
process.exitCode = kept ? 0 : 1;
