/** Values larger than what is handed to the engine at once. */
import { test } from "vitest";
import { becomes } from "./harness/condition";
import type { Person } from "./harness/person";
import { together } from "./harness/stage";

test(
  "a value of 600 KB arrives, one of more than a megabyte is refused, and writing goes on",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    const lengths = (person: Person) =>
      person.page.evaluate(async () => {
        const view = await globalThis.coveyRoom?.doc("custom/values");
        const values: Record<string, string> = view?.doc.getMap("values").toJSON() ?? {};
        const all = Object.entries(values).map(([key, text]) => `${key} ${text.length}`);
        return all.sort().join(", ");
      });
    const notices = await alice.page.evaluateHandle(async () => {
      const told: string[] = [];
      globalThis.coveyRoom?.on("notice", ({ code }) => told.push(code));
      const view = await globalThis.coveyRoom?.doc("custom/values");
      view?.doc.getMap("values").set("large", "x".repeat(600_000));
      view?.doc.getMap("values").set("small", "x");
      return told;
    });
    await becomes("Bob's values", () => lengths(bob), "large 600000, small 1");
    await alice.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("custom/values");
      view?.doc.getMap("values").set("too large", "x".repeat(1_100_000));
    });
    await becomes(
      "what Alice is told",
      async () => (await notices.jsonValue()).join(),
      "edit-refused",
    );
    await becomes("Alice's values", () => lengths(alice), "large 600000, small 1");
    await alice.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("custom/values");
      view?.doc.getMap("values").set("after", "it");
    });
    await becomes("Bob's values", () => lengths(bob), "after 2, large 600000, small 1");
  }),
  120_000,
);
