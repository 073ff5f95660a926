/** The node goes and comes back: pages find it by themselves, and do not hammer it. */
import { expect, test } from "vitest";
import { at, until } from "./harness/condition";
import { Knocks } from "./harness/knocks";
import { play } from "./harness/stage";

const AWAY = 30_000;
/** Attempts of one page in that time: back-off that doubles from about a second makes half as many. */
const ATTEMPTS = 12;
/** A page dials at least every 4.5 seconds; the browser and a busy machine add some. */
const FOUND = 10_000;

test(
  "the pages find a node that was killed and started again, without flooding it",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    const carol = stage.person("Carol");
    const link = await alice.invite();
    await Promise.all([alice.offlineReady(), bob.offlineReady()]);

    await stage.killNode();
    const knocks = await Knocks.at(stage.node.port);
    const since = performance.now();
    for (const person of [alice, bob]) {
      await until(
        `${person.name} notices`,
        async () => (await person.status()).node === "connecting",
      );
    }
    await at(since + AWAY);
    await knocks.stop();
    expect(knocks.count).toBeGreaterThan(0);
    expect(knocks.count).toBeLessThanOrEqual(2 * ATTEMPTS);
    await alice.sees("Bob", "direct");

    await stage.node.restart();
    const back = performance.now();
    await Promise.all(
      [alice, bob].map((person) => {
        const up = async () => (await person.status()).node === "up";
        return until(`${person.name} found the node again`, up, FOUND);
      }),
    );
    console.log(`found again after ${Math.round(performance.now() - back)} ms`);
    // Found again means of use again: a newcomer is introduced to both.
    await carol.join(link);
    for (const other of ["Alice", "Bob"]) await carol.sees(other, "direct");
    await Promise.all([alice.sees("Carol", "direct"), bob.sees("Carol", "direct")]);
    await carol.type("hello", 10);
    await Promise.all([alice.hasText("hello"), bob.hasText("hello")]);
  }),
  300_000,
);
