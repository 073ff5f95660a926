/** The page over plain http under a name, where browsers leave half of their interfaces away. */
import { expect, test } from "vitest";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import { becomes, PATIENCE, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { play, type Stage } from "./harness/stage";

const NAME = "covey.lan";

/** Two people in one room, on pages that are no secure contexts. */
async function pair(stage: Stage): Promise<[Person, Person]> {
  const options = { alias: NAME, page: `http://${NAME}:${stage.node.port}` };
  const alice = stage.person("Alice", options);
  await alice.arrive();
  expect(await alice.page.evaluate(() => isSecureContext)).toBe(false);
  await alice.page.getByText("not opened over https").waitFor();
  await alice.createRoom("Over plain http");
  const bob = stage.person("Bob", options);
  await bob.join(await alice.invite());
  await Promise.all([alice.sees("Bob", "direct"), bob.sees("Alice", "direct")]);
  return [alice, bob];
}

test(
  "files, pages of the board and images are added, and a copied text is on the clipboard",
  play(async (stage) => {
    const [alice, bob] = await pair(stage);
    const { page } = alice;

    await alice.files.add("second.py");
    await page.keyboard.insertText("print('whole')");
    await bob.files.open("second.py");

    const chat = await ChatPanel.of(alice);
    await chat.say("```\nthe very code\n```");
    const message = chat.message("the very code");
    await message.hover();
    await message.getByRole("button", { name: "Copy code" }).click();
    await message.getByRole("button", { name: "Copied" }).waitFor();
    await chat.field.focus();
    await page.keyboard.press("ControlOrMeta+V");
    await becomes("what was copied", () => chat.field.inputValue(), "the very code");
    await chat.field.fill("");

    await page.getByRole("button", { name: "What to do with second.py" }).click();
    await page.getByRole("menuitem", { name: "Copy all" }).click();
    await page.getByText("“second.py” is copied").waitFor();
    await chat.field.focus();
    await page.keyboard.press("ControlOrMeta+V");
    await becomes("what was copied", () => chat.field.inputValue(), "print('whole')");
    await chat.field.fill("");

    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Copy link" }).click();
    await dialog.getByRole("button", { name: "Copied" }).waitFor();
    const link = await dialog.getByLabel("Invite link").inputValue();
    await page.keyboard.press("Escape");
    await chat.field.focus();
    await page.keyboard.press("ControlOrMeta+V");
    await becomes("what was copied", () => chat.field.inputValue(), link);

    const [hers, his] = [await new Board(alice).open(), await new Board(bob).open()];
    await hers.region.getByRole("button", { name: "Add a page" }).click();
    await until("Bob sees the page", async () => (await his.pages()).length === 2);
    await his.tabs.last().click();
    await hers.dropPicture();
    await until("Bob sees the picture", async () =>
      (await his.elements()).some(({ type }) => type === "image"),
    );
    await until("Bob has the picture", async () => (await his.svg()).includes("<image"));
  }),
);

test(
  "a text that the browser does not copy is shown, selected, and never said to be copied",
  play(async (stage) => {
    const [alice] = await pair(stage);
    const { page } = alice;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what must not be believed
    await page.evaluate(() => (document.execCommand = () => false));
    const chat = await ChatPanel.of(alice);
    await chat.say("```\nonly by hand\n```");
    const message = chat.message("only by hand");
    await message.hover();
    await message.getByRole("button", { name: "Copy code" }).click();
    const dialog = page.getByRole("dialog", { name: "Copy it by keyboard" });
    await dialog.waitFor({ timeout: PATIENCE });
    expect(await selected(page)).toBe("only by hand");
    await page.keyboard.press("ControlOrMeta+C");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await message.getByRole("button", { name: "Copied" }).count()).toBe(0);
    await chat.field.focus();
    await page.keyboard.press("ControlOrMeta+V");
    await becomes("what was copied", () => chat.field.inputValue(), "only by hand");
  }),
);

/** The selection in the field that has the focus. */
function selected(page: Person["page"]): Promise<string> {
  return page.evaluate(() => {
    const field = document.activeElement;
    if (!(field instanceof HTMLTextAreaElement)) return `the focus is on ${field?.tagName}`;
    return field.value.slice(field.selectionStart, field.selectionEnd);
  });
}
