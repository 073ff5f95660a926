// What a person downloads before the first room shows, compressed as a web server would, and its limits.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const KIB = 1024;
const LIMITS = { module: 480 * KIB, first: 700 * KIB };

// Chunks that are fetched only when somebody opens what they belong to.
const LATER = [];

const dist = "web/dist";
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
  .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)));

const compressed = (path) =>
  brotliCompressSync(readFileSync(path), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  }).length;

// All that index.html names, and what those files name in turn.
const first = new Set(["index.html"]);
for (const file of first) {
  if (!/\.(html|js|css)$/.test(file)) continue;
  const text = readFileSync(join(dist, file), "utf8");
  for (const other of files) {
    const name = other.split("/").at(-1);
    const worker = /^(sw|workbox|registerSW)/.test(name);
    if (!worker && !LATER.some((later) => name.startsWith(later)) && text.includes(name)) {
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
for (const [what, size, limit] of [
  ["module", module, LIMITS.module],
  ["first load", total, LIMITS.first],
]) {
  const verdict = size <= limit ? "within" : "ABOVE";
  kept &&= size <= limit;
  console.log(`${what}: ${(size / KIB).toFixed(1)} KiB brotli, ${verdict} ${limit / KIB} KiB`);
}
process.exitCode = kept ? 0 : 1;
