/** People meet in a call: each sees the others' colours and hears their tones, and nothing is left when it is over. */
import { expect, test } from "vitest";
import { CallPanel, connected, gathered } from "./harness/call-panel";
import { becomes } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "two people see and hear each other, and nothing is left when they have gone",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    const before = { alice: await alice.ask("left"), bob: await bob.ask("left") };
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
    expect(await alice.ask("left")).toMatchObject({ calls: before.alice.calls + 1, cameras: 1 });
    await becomes("Alice hears herself", () => alice.isHeard("Alice"), false);

    await bob.leave();
    await alice.shows([]);
    await alice.hearsNothingOf("Bob");
    await bob.leaves(before.bob);
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);
    await Promise.all([alice.leave(), bob.leave()]);
    await Promise.all([alice.leaves(before.alice), bob.leaves(before.bob)]);
  }),
);

test(
  "somebody mutes, switches the camera off, hides the panel, and is back",
  play(async (stage) => {
    const [alice, bob] = await gathered(stage, "Alice", "Bob");
    await alice.join();
    await bob.join();
    await Promise.all([alice.meets([bob]), bob.meets([alice])]);

    await bob.press("Mute");
    await alice.mark("Bob", /muted/i).waitFor();
    await alice.hearsNothingOf("Bob");
    await alice.sees("Bob");
    await bob.press("Unmute");
    await alice.mark("Bob", /muted/i).waitFor({ state: "detached" });
    await alice.hears("Bob");

    await bob.press("Camera off");
    await alice.seesNoPictureOf("Bob");
    await becomes("Bob's open cameras", async () => (await bob.ask("left")).cameras, 0);
    await alice.hears("Bob");
    await bob.press("Camera on");
    await alice.sees("Bob");

    await alice.hide();
    await alice.hears("Bob");
    await bob.hears("Alice");
    await alice.show();
    await alice.sees("Bob");
    await bob.press("Raise hand");
    await alice.mark("Bob", /hand/i).waitFor();
  }),
);

test(
  "people join with a camera alone, with a microphone alone, and with neither",
  play(async (stage) => {
    const [alice, bob, cara] = await gathered(stage, "Alice", "Bob", "Cara");
    await alice.join({ microphone: false });
    await bob.join({ camera: false });
    await cara.join({ camera: false, microphone: false });
    await Promise.all([bob.sees("Alice"), cara.sees("Alice")]);
    await Promise.all([alice.hears("Bob"), cara.hears("Bob")]);
    expect(await bob.isHeard("Alice")).toBe(false);
    expect(await alice.pictureIn("Bob")).toBe(undefined);
    await alice.shows(["Bob", "Cara"]);
    expect(await cara.ask("left")).toMatchObject({ cameras: 0, microphones: 0 });

    await cara.press("Camera on");
    await Promise.all([alice.sees("Cara"), bob.sees("Cara")]);
  }),
);

test(
  "four people see and hear each other, and the call goes on when one of them leaves",
  play(async (stage) => {
    const people = await gathered(stage, "Alice", "Bob", "Cara", "Dan");
    for (const person of people) await person.join();
    await Promise.all(people.map((person) => person.meets(people, 60_000)));

    const [alice, ...others] = people;
    await alice.leave();
    for (const person of others) {
      await person.shows(others.filter((each) => each !== person).map(({ name }) => name));
      expect(await person.isHeard("Alice")).toBe(false);
    }
    await Promise.all(others.map((person) => person.meets(others)));
  }),
  300_000,
);

test(
  "somebody without a camera and a microphone is told so, and joins all the same",
  play(async (stage) => {
    const [alice] = await gathered(stage, "Alice");
    await alice.join();
    const cara = await CallPanel.of(stage, "Cara", { flags: [] });
    await cara.person.join(await alice.person.invite());
    await connected(alice, cara);
    await cara.show();
    await cara.button("Join call").click();
    for (const device of ["microphone", "camera"]) {
      await cara.dialog.getByRole("button", { name: `Turn on ${device}` }).click();
      await cara.dialog.getByText(new RegExp(`no ${device}.*You can join without`, "i")).waitFor();
    }
    await cara.dialog.getByRole("button", { name: "Join call", exact: true }).click();
    await cara.inCall();
    await cara.meets([alice]);
    await alice.shows(["Cara"]);
  }),
);
