/** A checkout on macOS or Windows has one file where two names differ by case only. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("no two tracked paths are equal ignoring case", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const paths = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    // Folders too: two of them that differ by case only become one.
    .flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/")));
  const known = new Map<string, string>();
  const twice = [...new Set(paths)].filter((path) => {
    const folded = path.toLowerCase();
    if (known.has(folded)) return true;
    known.set(folded, path);
    return false;
  });
  expect(twice).toEqual([]);
});
