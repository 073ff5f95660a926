/** A device that slept: what was written meanwhile is there at once, both ways. */
import { expect, test } from "vitest";
import { sleep } from "./harness/asleep";
import { play } from "./harness/stage";

/** Longer than others wait for an answer, and shorter. */
const SLEEPS = [20_000, 40_000];
const SOON = 30_000;

test(
  "a device sleeps and wakes: the words of both come within two seconds",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    let text = "";
    for (const asleep of SLEEPS) {
      const slept = sleep(bob.browser.profile, asleep);
      await alice.goTo("end");
      await alice.type("meanwhile ", 20);
      text += "meanwhile ";
      await slept;
      const since = performance.now();
      await bob.hasText(text, SOON);
      console.log(`Bob has it after ${Math.round(performance.now() - since)} ms`);
      await bob.goTo("end");
      await bob.type("awake ", 50);
      text += "awake ";
      await alice.hasText(text, SOON);
      console.log(`Alice has his after ${Math.round(performance.now() - since)} ms`);
      await alice.sees("Bob", "direct");
    }
    expect(text.length).toBeGreaterThan(0);
  }),
);
