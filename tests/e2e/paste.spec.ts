/** A paste far larger than any message between peers. */
import { test } from "vitest";
import { play } from "./harness/stage";
import { page } from "./harness/words";

const LENGTH = 1_000_000;

for (const script of ["ascii", "chinese"] as const) {
  test(
    `a paste of 1,000,000 characters (${script}) arrives whole, and typing goes on`,
    play(async (stage) => {
      const [alice, bob] = await stage.pair();
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

      await alice.saved();
      await alice.reload();
      await alice.hasLargeText(text);
    }),
    360_000,
  );
}
