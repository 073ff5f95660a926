/** Every view, light and dark, wide and narrow, against the accessibility rules: nothing serious, nothing critical. */
import { test } from "vitest";
import { expectAccessible } from "./harness/accessibility";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import type { Person } from "./harness/person";
import { NARROW, WIDE } from "./harness/pictures";
import { play, together, type Stage } from "./harness/stage";

async function entry(stage: Stage, dark: boolean): Promise<void> {
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  const { page } = alice;
  const create = page.getByRole("button", { name: "Create room" });
  await create.waitFor();
  await expectAccessible(alice, "entry, empty");
  await create.click();
  await page.getByRole("alert").waitFor();
  await page.getByText("More", { exact: true }).click();
  await expectAccessible(alice, "entry without a name, and with all its fields");
  await page.getByLabel("Node").fill("no node");
  await page.getByLabel("Your name").fill("Alice");
  await create.click();
  await page.getByRole("alert").waitFor();
  await expectAccessible(alice, "entry with an error");
  await page.getByLabel("Node").fill("");
  await alice.createRoom("A room");
  await expectAccessible(alice, "room, alone");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  await expectAccessible(alice, "invite dialog");
  await page.keyboard.press("Escape");
  const link = await alice.invite();
  await page.getByRole("heading", { name: "A room" }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await expectAccessible(alice, "sheet of shortcuts");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Leave the room" }).click();
  await page.getByRole("heading", { name: "Rooms on this device" }).waitFor();
  await expectAccessible(alice, "entry with rooms");
  await page.getByRole("button", { name: "Forget A room" }).click();
  await page.getByRole("alertdialog").waitFor();
  await expectAccessible(alice, "question whether to forget");
  await page.keyboard.press("Escape");
  await page.evaluate((fragment) => (location.hash = fragment), link.slice(link.indexOf("#")));
  await page.getByRole("button", { name: "Join room" }).waitFor();
  await expectAccessible(alice, "invitation");
  await page.evaluate(() => (location.hash = "#no-link"));
  await page.getByRole("alert").waitFor();
  await expectAccessible(alice, "invitation that does not work");
}

async function room(stage: Stage, dark: boolean): Promise<void> {
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.createRoom("A room");
  const bob = stage.person("Bob", { dark });
  await bob.join(await alice.invite());
  await alice.sees("Bob", "direct");
  await alice.type("const answer = 42; // so far", 60);
  await alice.files.add("notes.md");
  await alice.page.keyboard.insertText("# Notes\n\nsee *below*");
  await bob.files.open("notes.md");
  await bob.type("x", 30);
  await expectAccessible(alice, "room, two people, two files");
  await chat(alice, bob);
  await board(alice);
  for (const panel of ["Code", "Board", "Chat", "People"]) await narrow(alice, panel);
  await alice.page.setViewportSize(WIDE);
  await alice.page.getByRole("tab", { name: "Code" }).click();

  await Promise.all([alice.offlineReady(), alice.saved()]);
  await bob.browser.close();
  await stage.killNode();
  await alice.reload();
  await alice.page.getByText(/Nobody can be reached/).waitFor();
  await expectAccessible(alice, "room, offline");
}

async function chat(alice: Person, bob: Person): Promise<void> {
  const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
  await expectAccessible(alice, "chat, empty");
  const at = Date.now();
  const asked = await his.write([
    { k: "say", text: "Look at `this`:\n```js\nlet a = 1; // one\n```\nhttps://example.org", at },
  ]);
  await hers.sees("Look at this");
  await hers.write([
    { k: "say", text: "> quoted\n\n- **fine**", at: at - 86_400_000 },
    { k: "react", of: asked, emoji: "👍", on: true },
    { k: "say", text: "a reply", at, re: asked },
  ]);
  await his.sees("fine");
  await his.field.pressSequentially("And");
  await hers.region.getByText(/Bob is typing/).waitFor();
  await hers.list.locator("[data-highlighted=true]").waitFor();
  await hers.message("fine").hover();
  await expectAccessible(alice, "chat, messages");
  await hers.region.getByRole("button", { name: "Add an emoji" }).click();
  await alice.page.getByRole("dialog", { name: "Emoji" }).getByRole("gridcell").first().waitFor();
  await expectAccessible(alice, "chat, emoji picker");
  await alice.page.keyboard.press("Escape");
  await hers.list.getByRole("button", { name: /repl/ }).click();
  await hers.thread.getByText("a reply").waitFor();
  await expectAccessible(alice, "chat, thread");
  await alice.page.keyboard.press("Escape");
}

async function board(alice: Person): Promise<void> {
  const board = await new Board(alice).open();
  await expectAccessible(alice, "board, empty");
  await board.draw("rectangle", [400, 200], [500, 260]);
  await expectAccessible(alice, "board, something selected");
}

async function narrow(alice: Person, panel: string): Promise<void> {
  const { page } = alice;
  await page.setViewportSize(NARROW);
  await page.getByRole("radio", { name: new RegExp(`^${panel}`) }).click();
  await page.getByRole("region", { name: panel, exact: true }).waitFor();
  if (panel === "Board") await new Board(alice).shown();
  await expectAccessible(alice, `${panel}, narrow`);
}

for (const dark of [false, true]) {
  const look = dark ? "dark" : "light";
  test(
    `entry, invitation, dialogs, ${look}`,
    together((stage) => entry(stage, dark)),
  );
  test(
    `room, panels, offline, ${look}`,
    play((stage) => room(stage, dark)),
    300_000,
  );
}
