/** A device that slept: what was written meanwhile is there at once, both ways. */
import { test } from "vitest";
import { sleep } from "./harness/asleep";
import { play } from "./harness/stage";

/** Longer than a browser waits for an answer before it gives a connection up. */
const ASLEEP = 20_000;
/** Two seconds, and what a busy machine adds. The browser of who slept notices only after fifteen. */
const SOON = 5_000;

test(
  "a device that sleeps and wakes has the others' text at once, and they have its text",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    let text = "";
    // He found her when he came, so that one dials and the other waits for it.
    for (const [asleep, awake] of [
      [bob, alice],
      [alice, bob],
    ] as const) {
      const slept = sleep(asleep.browser.profile, ASLEEP);
      await awake.goTo("end");
      await awake.type("meanwhile ", 20);
      text += "meanwhile ";
      await slept;
      const since = performance.now();
      await asleep.hasText(text, SOON);
      const had = Math.round(performance.now() - since);
      await asleep.goTo("end");
      await asleep.type("awake ", 50);
      text += "awake ";
      await awake.hasText(text, SOON);
      console.log(`${asleep.name} had what was written after ${had} ms`);
      await awake.sees(asleep.name, "direct");
      await asleep.sees(awake.name, "direct");
    }
  }),
);
