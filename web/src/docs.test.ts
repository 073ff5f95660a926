/** The documents name files that are there. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const list = (...what: string[]) =>
  execFileSync("git", ["ls-files", "-z", ...what], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter(Boolean);

test.each(list("docs/*.md", "docs/decisions/*.md", "*/README.md", "README.md"))(
  "%s names no file that is gone",
  (document) => {
    const files = list("--cached", "--others", "--exclude-standard");
    const named = [
      ...readFileSync(`${root}/${document}`, "utf8").matchAll(/`([\w./-]+\.(?:rs|ts|tsx|hex))`/g),
    ];
    const gone = named
      .map(([, path = ""]) => path)
      .filter((path) => !files.some((file) => `/${file}`.endsWith(`/${path}`)));
    expect(gone).toEqual([]);
  },
);
