/** The npm package in pages of other people's making: bundled by Vite, bundled by esbuild, and with no bundler at all. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import { Project } from "./harness/package";
import type { Person } from "./harness/person";
import { together, type Stage } from "./harness/stage";

let folder = "";
let project: Project;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "covey-package-"));
  project = await Project.make(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The pages of two people show what both of them wrote. */
async function meet(stage: Stage, site: string): Promise<void> {
  const open = async (name: string, address: string): Promise<Person> => {
    const person = stage.person(name, { site });
    await person.browser.start();
    await person.page.goto(address);
    return person;
  };
  const alice = await open("Alice", stage.node.origin);
  const link = await until("Alice's link", () =>
    alice.browser.console.map((line) => /http\S+#\S+/.exec(line)?.[0]).find(Boolean),
  );
  const bob = await open("Bob", link);
  const both = async () => {
    const [hers = "", his] = await Promise.all(
      [alice, bob].map(({ page }) => page.innerText("body")),
    );
    return hers === his
      ? hers
          .match(/\w+ was here/g)
          ?.sort()
          .join()
      : `${hers} | ${his}`;
  };
  await becomes("what both pages show", both, "Alice was here,Bob was here");
}

test.concurrent("bundled by Vite, without a setting", () =>
  together(async (stage) => meet(stage, await project.byVite()))(),
);

test.concurrent("bundled by esbuild, by the command of the README", () =>
  together(async (stage) => meet(stage, await project.byEsbuild()))(),
);

test.concurrent("with no bundler at all", () =>
  together(async (stage) => meet(stage, await project.asItIs()))(),
);

test.concurrent.each(["bundler", "nodenext"] as const)(
  "the example of the README has no error of types, resolved as by %s",
  async (resolution) => {
    await expect(project.check(resolution)).resolves.toBeUndefined();
  },
);
