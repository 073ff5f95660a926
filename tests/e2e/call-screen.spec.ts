/** Somebody shares a screen: the others see it beside its owner's camera, until it is stopped from the page or from the browser. */
import { expect, test } from "vitest";
import { gathered, type CallPanel } from "./harness/call-panel";
import { becomes, until } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "a shared screen is seen, and is gone when it is stopped, by the page's button and by the browser's bar",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    await alice.join();
    await bob.join({ camera: false });
    await Promise.all([alice.hears("Bob"), bob.meets([alice])]);

    await alice.press("Share screen");
    await seesScreen(bob);
    // The camera goes on beside it.
    await bob.sees("Alice");
    await alice.press("Stop sharing");
    await isGone(alice, bob);

    await alice.press("Share screen");
    await seesScreen(bob);
    await alice.ask("endShares");
    await isGone(alice, bob);
    await bob.meets([alice]);
  }),
);

const SCREEN = "Alice’s screen";

async function seesScreen(bob: CallPanel): Promise<void> {
  const size = await until("Bob sees the screen", () => bob.ask("size", SCREEN));
  expect(size.width).toBeGreaterThan(size.height);
  await until("it is sharp", async () => ((await bob.ask("size", SCREEN))?.height ?? 0) >= 720);
}

async function isGone(alice: CallPanel, bob: CallPanel): Promise<void> {
  await alice.button("Share screen").waitFor();
  await bob.tile(SCREEN).waitFor({ state: "detached" });
  await becomes("Alice's open cameras", async () => (await alice.ask("left")).cameras, 1);
}
