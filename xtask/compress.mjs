// Writes every file of a folder a second and a third time, as brotli and as gzip: `file.br`, `file.gz`.
// The node sends them to browsers that read them.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

// What is compressed already, and what fits into one packet anyway.
const DENSE = /\.(br|gz|map|png|jpg|webp|woff2|zip)$/;
const SMALL = 1024;

const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
const deflate = (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });

const [folder] = process.argv.slice(2);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !DENSE.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

// All at once: the compressors run on threads of their own.
await Promise.all(
  files.map(async (file) => {
    const bytes = await readFile(file);
    if (bytes.length < SMALL) return;
    for (const [ending, compress] of [
      [".br", brotli],
      [".gz", deflate],
    ]) {
      const smaller = await compress(bytes);
      if (smaller.length < bytes.length) await writeFile(file + ending, smaller);
    }
  }),
);
