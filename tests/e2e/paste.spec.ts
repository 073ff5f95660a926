/** Pastes far larger than any message between peers. */
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import { together } from "./harness/stage";
import { page } from "./harness/words";

const LENGTH = 1_000_000;

for (const script of ["ascii", "chinese"] as const) {
  test(
    `a paste of 1,000,000 characters (${script}) arrives whole, and typing goes on`,
    together(async (stage) => {
      const [alice, bob] = await stage.pair();
      const link = await alice.invite();
      let text = page(script, LENGTH);
      await alice.paste(text);
      await alice.hasLargeText(text);
      await bob.hasLargeText(text, 120_000);

      await alice.goTo("end");
      await alice.type("after", 10);
      text += "after";
      await bob.hasLargeText(text);
      await bob.goTo("start");
      await bob.type("before", 10);
      text = `before${text}`;
      await alice.hasLargeText(text);

      // A person who comes now gets all of it, and is admitted while it is still being sent.
      const carol = stage.person("Carol");
      await carol.join(link);
      await carol.hasLargeText(text, 120_000);
      await carol.goTo("end");
      await carol.type("third", 10);
      text += "third";
      for (const person of [carol, alice, bob]) await person.hasLargeText(text);

      await alice.saved();
      await alice.reload();
      await alice.hasLargeText(text);
    }),
    360_000,
  );
}

test(
  "a paste of 10,000,000 characters arrives whole, and somebody else types meanwhile",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.type("=", 0);
    await bob.hasLargeText("=");
    const text = page("ascii", 10 * LENGTH);
    await alice.paste(text);
    await bob.goTo("start");
    await bob.type("meanwhile", 10);
    await until(
      "Alice has what Bob typed",
      async () => (await alice.length()) === text.length + 10,
    );
    expect(await bob.length(), "it does not wait for the paste").toBeLessThan(text.length);
    await bob.hasLargeText(`meanwhile=${text}`, 120_000);
    await alice.hasLargeText(`meanwhile=${text}`);
    await alice.saved();
    await alice.reload();
    await alice.hasLargeText(`meanwhile=${text}`);
  }),
  360_000,
);
