/** The accessibility rules of axe-core over what somebody sees. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import { expect } from "vitest";
import type { Person } from "./person";

declare global {
  /** The rules, once they are in the page. */
  var axe: { run(context: object, options: RunOptions): Promise<AxeResults> } | undefined;
}

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Nothing serious or critical in what is on show. */
export async function expectAccessible(person: Person, view: string): Promise<void> {
  const { page } = person;
  if (!(await page.evaluate(() => globalThis.axe !== undefined))) {
    // As a debugger does it: the policy of the page stays as it is.
    await page.evaluate(await readFile(source, "utf8"));
  }
  const violations = await page.evaluate(async () => {
    // Half-faded words have half their contrast.
    const moving = document.getAnimations().filter(({ effect }) => {
      const { iterations = 1 } = effect?.getTiming() ?? {};
      return iterations !== Infinity;
    });
    for (const animation of moving) animation.finish();
    const results = await globalThis.axe?.run(
      { include: [["html"]] },
      { resultTypes: ["violations"] },
    );
    return results?.violations.flatMap(({ id, impact, nodes }) =>
      impact === "serious" || impact === "critical"
        ? nodes.map(
            ({ html, any }) =>
              `${id}: ${html.slice(0, 300)} (${any
                .map(({ message }) => message)
                .join("; ")
                .slice(0, 200)})`,
          )
        : [],
    );
  });
  expect.soft({ view, violations }).toEqual({ view, violations: [] });
}
