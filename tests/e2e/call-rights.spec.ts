/** Rights in a call: a link for looking lets one see and hear, and nobody sees or hears its holder, whatever their page does. */
import { expect, test } from "vitest";
import { sendAnyway, sentBytes, sendTracks } from "./harness/call-attack";
import { CallPanel, connected, gathered } from "./harness/call-panel";
import { at, becomes, until } from "./harness/condition";
import { settings } from "./harness/settings";
import { play } from "./harness/stage";

/** How long the others look and listen while an attacker sends. */
const WATCHED = 6_000;

test(
  "a viewer sees and hears, and has nothing to send with",
  play(async (stage) => {
    const [alice] = await gathered(stage, "Alice");
    const cara = await CallPanel.of(stage, "Cara");
    await cara.person.join(await alice.person.invite("viewer"));
    await connected(alice, cara);
    await alice.join();

    await cara.show();
    await cara.button("Join call").click();
    await cara.dialog.getByText(/Your link lets you listen and watch/).waitFor();
    await expect(cara.dialog.getByRole("button", { name: /Turn on/ }).count()).resolves.toBe(0);
    await cara.dialog.getByRole("button", { name: "Join call", exact: true }).click();
    await cara.inCall();
    await cara.meets([alice]);
    await alice.shows(["Cara"]);
    for (const name of ["Mute", "Unmute", "Camera on", "Camera off", "Share screen"]) {
      const button = cara.button(name);
      expect((await button.count()) === 0 || (await button.isDisabled()), name).toBe(true);
    }
    expect(await cara.ask("left")).toMatchObject({ cameras: 0, microphones: 0 });
    expect((await alice.person.stats()).refused.call ?? 0).toBe(0);
  }),
);

test(
  "a viewer whose page skips its own checks is neither shown nor heard, and is counted",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    const mallory = await CallPanel.of(stage, "Mallory", {
      site: settings.misbehavingSite,
      scripts: [sendAnyway],
    });
    await mallory.person.join(await alice.person.invite("viewer"));
    await Promise.all([connected(alice, mallory), connected(bob, mallory)]);
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
    const before = (await alice.person.stats()).refused.call ?? 0;

    await mallory.page.evaluate(async () => {
      globalThis.coveyMisbehave?.("boast");
      // Its engine says that it sends what it may not.
      globalThis.coveyMisbehave?.("boast");
      (await globalThis.coveyRoom?.call())?.join();
    });
    await alice.shows(["Bob", "Mallory"]);
    await mallory.page.evaluate(sendTracks);
    for (const person of [alice, bob]) {
      await until(`${person.name} counts it`, async () => {
        const { refused } = await person.person.stats();
        return (refused.call ?? 0) > before;
      });
    }
    // The attack is one: media does leave the attacker's page.
    await until("Mallory sends", async () => (await mallory.page.evaluate(sentBytes)) > 20_000);

    const end = performance.now() + WATCHED;
    while (performance.now() < end) {
      for (const person of [alice, bob]) {
        expect(await person.pictureIn("Mallory")).toBe(undefined);
        expect(await person.isHeard("Mallory")).toBe(false);
        await becomes("a camera for Mallory", () => shownAs(person, "Mallory"), "off off off");
      }
      await at(performance.now() + 100);
    }
    // The honest two go on.
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
  }),
  240_000,
);

/** The sources that somebody's page takes another to send. */
function shownAs({ page }: CallPanel, name: string): Promise<string> {
  return page.evaluate(async (name) => {
    const room = globalThis.coveyRoom;
    const member = room?.people.find((person) => person.name === name)?.id;
    const call = await room?.call();
    const attendee = call?.attendees.find((each) => each.member === member);
    const on = (sent: boolean | undefined) => (sent ? "on" : "off");
    return `${attendee?.microphone ?? "off"} ${on(attendee?.camera)} ${on(attendee?.screen)}`;
  }, name);
}

test(
  "a moderator asks somebody to mute, and ends somebody's part in the call",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);

    await alice.choose("Bob", "Ask to mute");
    await bob.button("Unmute").waitFor();
    await bob.page
      .getByText(/Alice.*mute/i)
      .first()
      .waitFor();
    await alice.hearsNothingOf("Bob");
    await alice.sees("Bob");
    await bob.press("Unmute");
    await alice.hears("Bob");

    await expect(bob.items("Alice")).resolves.not.toContain("Ask to mute");
    await bob.page.keyboard.press("Escape");

    await alice.choose("Bob", "Remove from call");
    await bob.button("Join call").waitFor();
    await bob.page.getByText(/Alice removed you/).waitFor();
    await becomes("Bob's open cameras", async () => (await bob.ask("left")).cameras, 0);
    await alice.shows([]);
    await alice.hearsNothingOf("Bob");
    // A person who has left may come back.
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
  }),
);
