/** The call by keyboard, for screen readers, and against the accessibility rules, light and dark. */
import { test } from "vitest";
import { expectAccessible } from "./harness/accessibility";
import { CallPanel, connected, gathered } from "./harness/call-panel";
import { becomes } from "./harness/condition";
import { play, type Stage } from "./harness/stage";

async function rules(stage: Stage, dark: boolean): Promise<void> {
  const [alice] = await gathered(stage, "Alice");
  const bob = await CallPanel.of(stage, "Bob", { dark });
  await bob.person.join(await alice.person.invite());
  await connected(alice, bob);
  await bob.show();
  await expectAccessible(bob.person, "call, nobody in it");
  await alice.join();
  await bob.button("Join call").click();
  await bob.dialog.waitFor();
  await expectAccessible(bob.person, "call, before joining");
  await bob.page.keyboard.press("Escape");
  await bob.join();
  await bob.meets([alice]);
  await bob.press("Raise hand");
  await bob.press("Mute");
  await expectAccessible(bob.person, "call, two people");
  await alice.press("Share screen");
  await bob.tile("Alice’s screen").locator("video").waitFor();
  await expectAccessible(bob.person, "call, a shared screen");
  await bob.items("Alice");
  await expectAccessible(bob.person, "call, menu of a tile");
}

for (const dark of [false, true])
  test(
    `the call against the accessibility rules, ${dark ? "dark" : "light"}`,
    play((stage) => rules(stage, dark)),
  );

test(
  "everything in the call is done by keyboard",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    await bob.join();
    const { page } = alice;
    const press = async (name: string) => {
      await alice.button(name).focus();
      await page.keyboard.press("Enter");
    };
    await alice.show();
    await press("Join call");
    await alice.dialog.getByRole("button", { name: "Join call", exact: true }).waitFor();
    await alice.tabTo("Turn on camera");
    await page.keyboard.press("Enter");
    await alice.dialog.getByRole("button", { name: "Turn off camera" }).waitFor();
    await alice.tabTo("Join call");
    await page.keyboard.press("Enter");
    await alice.inCall();
    await bob.sees("Alice");

    await press("Camera off");
    await bob.seesNoPictureOf("Alice");
    await press("Camera on");
    await press("Raise hand");
    await bob.mark("Alice", /hand/i).waitFor();
    await press("Lower hand");
    await press("Share screen");
    await press("Stop sharing");
    await press("Leave call");
    await alice.button("Join call").waitFor();
  }),
);

test(
  "somebody who is muted talks while they hold the space bar",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    await alice.join();
    await bob.join();
    await bob.hears("Alice");
    await alice.press("Mute");
    await bob.hearsNothingOf("Alice");
    await alice.region.getByText(/You are muted/).waitFor();
    // On a button the space bar presses the button.
    await alice.tile("Bob").focus();
    await alice.page.keyboard.down("Space");
    await bob.hears("Alice");
    await alice.page.keyboard.up("Space");
    await bob.hearsNothingOf("Alice");
    await becomes("Bob hears Alice", () => bob.isHeard("Alice"), false);
  }),
);
