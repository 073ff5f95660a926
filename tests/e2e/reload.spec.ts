/** A page that is loaded anew is a new seat of the same person, and goes on where it was. */
import { expect, test } from "vitest";
import { play } from "./harness/stage";
import { DIGITS, keys, LETTERS } from "./harness/words";

const RELOADS = 10;

test(
  "every keystroke arrives over ten reloads with typing in between",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    const { seats } = await bob.stats();
    let text = "";
    for (let round = 0; round < RELOADS; round += 1) {
      const letters = keys(LETTERS, 20, round * 20);
      await alice.goTo("end");
      await alice.type(letters, 20);
      text += letters;
      // The page said it is safe; nothing says that Bob has it yet.
      await alice.saved();
      await alice.reload();
      expect(await alice.text()).toBe(text);
      await bob.hasText(text);
      await bob.sees("Alice", "direct");

      const digits = keys(DIGITS, 5, round * 5);
      await bob.goTo("end");
      await bob.type(digits, 20);
      text += digits;
      await alice.hasText(text);
    }
    await alice.sees("Bob", "direct");
    // A seat for every page load, and still two people.
    expect((await bob.stats()).seats).toBe(seats + RELOADS);
    expect(await bob.people()).toHaveLength(2);
    expect((await alice.stats()).digests).toEqual((await bob.stats()).digests);
  }),
  300_000,
);
