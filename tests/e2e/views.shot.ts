/** A picture of every view around the panels: `cargo xtask shots`. */
import { test } from "vitest";
import { until } from "./harness/condition";
import { NARROW, Pictures, WIDE } from "./harness/pictures";
import { play, type Stage } from "./harness/stage";

async function entry(stage: Stage, dark: boolean): Promise<void> {
  const pictures = new Pictures(dark);
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.page.getByRole("button", { name: "Create room" }).waitFor();
  await pictures.both(alice, "entry");
  await alice.createRoom("Lake survey");
  await pictures.both(alice, "room-alone");
  await alice.page.getByRole("button", { name: "Invite", exact: true }).click();
  await alice.page.getByRole("img", { name: /QR code/ }).waitFor();
  await pictures.both(alice, "invite");
  await alice.page.keyboard.press("Escape");
  await alice.page.getByRole("dialog").waitFor({ state: "detached" });
  await alice.page.getByRole("heading", { name: "Lake survey" }).click();
  await alice.page.keyboard.press("?");
  await alice.page.getByRole("dialog").waitFor();
  await pictures.both(alice, "shortcuts");
  await alice.page.keyboard.press("Escape");
  const link = await alice.invite();
  const look = await alice.invite("viewer");

  const bob = stage.person("Bob", { dark, ...WIDE });
  await bob.arrive(link);
  await bob.page.getByRole("button", { name: "Join room" }).waitFor();
  await pictures.both(bob, "invitation");
  await bob.page.setViewportSize(NARROW);
  await pictures.take(bob, "invitation");
  await bob.page.goto("about:blank");
  await bob.page.goto(`${link.slice(0, -1)}${link.endsWith("A") ? "B" : "A"}`);
  await bob.page.getByRole("alert").waitFor();
  await pictures.take(bob, "link-damaged");
  await pictures.both(bob, "link-damaged");
  await bob.page.goto("about:blank");
  await bob.page.goto(look);
  await bob.page.getByLabel("Your name").fill("Bob");
  await bob.page.getByRole("button", { name: "Join room" }).click();
  await bob.inRoom();
  await alice.sees("Bob", "direct");
  await alice.type("// What the probe said.", 50);
  await bob.hasText("// What the probe said.");
  await pictures.both(bob, "viewer");

  await alice.page.getByRole("button", { name: "Leave the room" }).click();
  await alice.page.getByRole("heading", { name: "Rooms on this device" }).waitFor();
  await alice.page.getByText("More", { exact: true }).click();
  await alice.page.getByLabel("Node").fill("not a node");
  await alice.page.getByRole("button", { name: "Create room" }).click();
  await alice.page.getByRole("alert").waitFor();
  await pictures.both(alice, "error");
  await alice.page.setViewportSize(NARROW);
  await pictures.take(alice, "error");
}

async function offline(stage: Stage, dark: boolean): Promise<void> {
  const pictures = new Pictures(dark);
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.createRoom("Lake survey");
  await alice.type("// What the probe said.", 50);
  await alice.offlineReady();
  await alice.saved();
  await stage.killNode();
  await alice.reload();
  await alice.page.getByText(/Nobody can be reached/).waitFor();
  await pictures.both(alice, "offline");
  await until("the layout is the wide one", () => alice.page.getByText("Saved").isVisible());
  await alice.page.setViewportSize(NARROW);
  await pictures.take(alice, "offline");
}

for (const dark of [false, true]) {
  const look = dark ? "dark" : "light";
  test(
    `entry, invitation, viewer, errors, ${look}`,
    play((stage) => entry(stage, dark)),
  );
  test(
    `offline, ${look}`,
    play((stage) => offline(stage, dark)),
  );
}
