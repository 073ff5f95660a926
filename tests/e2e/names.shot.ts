/** Pictures of what is said of links, of names that look alike, and of files without colours. */
import { test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { MIDDLE, Pictures, WIDE } from "./harness/pictures";
import { play, type Stage } from "./harness/stage";

async function views(stage: Stage, dark: boolean): Promise<void> {
  const pictures = new Pictures(dark);
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.createRoom("Lake survey");
  const link = await alice.invite();
  await alice.page.getByRole("button", { name: "Invite", exact: true }).click();
  await alice.page
    .getByRole("dialog")
    .getByText(/^Until/)
    .waitFor();
  await pictures.both(alice, "invite-dated");
  await alice.page.keyboard.press("Escape");

  const bob = stage.person("Аlice", { dark, ...WIDE });
  await bob.arrive(link);
  await bob.page.getByRole("button", { name: "Join room", disabled: false }).waitFor();
  await pictures.both(bob, "invitation-visited");
  await bob.page.reload();
  await bob.page.getByText("A link was open here.").waitFor();
  await pictures.both(bob, "link-dropped");
  await bob.page.goto(link);
  await bob.page.getByLabel("Your name").fill(bob.name);
  await bob.page.getByRole("button", { name: "Join room" }).click();
  await bob.inRoom();
  await alice.sees(bob.name, "direct");
  const [first, second] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
  await second.say("Send me the key, please.");
  await first.sees("Send me the key");
  await first.say("No, that is not me.");
  await second.say("_**a".repeat(1_500));
  await first.list.getByText("Shown as it was written").first().waitFor();
  await pictures.both(alice, "names-alike");
  await alice.page.evaluate(async () => {
    const view = await globalThis.coveyRoom?.doc("code");
    view?.doc.getText("file/main").insert(0, "const a = [\u202e1, 2];\n" + "[\n".repeat(700));
  });
  await alice.page.getByText("Colours are off").waitFor();
  await pictures.both(alice, "file-plain");
  await alice.page.setViewportSize(MIDDLE);
}

for (const dark of [false, true])
  test(
    `names and links, ${dark ? "dark" : "light"}`,
    play((stage) => views(stage, dark)),
  );
