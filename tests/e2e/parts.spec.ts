/** Parts of the page that can't be fetched say so in their own place, and the room goes on. */
import { expect, test } from "vitest";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import { PATIENCE, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { settings } from "./harness/settings";
import { play, type Stage } from "./harness/stage";

/** Emoji, the board, and the language Rust. */
const PARTS = /\/assets\/(EmojiPicker|Board)-[^/]*\.js$/;

/** Alone in a room, with nothing kept for use offline. */
async function alone(stage: Stage): Promise<[Person, ChatPanel]> {
  const alice = stage.person("Alice", { site: settings.site, width: 1600, height: 900 });
  await alice.arrive();
  await alice.createRoom("In parts");
  const chat = await ChatPanel.of(alice);
  // Chromium itself writes this about a file that it can't fetch.
  alice.browser.expectUnreachable();
  return [alice, chat];
}

test(
  "a part that can't be fetched is fetched again by a button, and the rest goes on",
  play(async (stage) => {
    const [alice, chat] = await alone(stage);
    const { page } = alice;
    const language = await fileOf(alice, "rust");
    await page.route(PARTS, (route) => route.abort());
    await page.route(language, (route) => route.abort());

    await chat.region.getByRole("button", { name: "Add an emoji" }).click();
    const picker = page.getByRole("dialog", { name: "Emoji" });
    await picker.getByText("could not be loaded").waitFor({ timeout: PATIENCE });
    await page.keyboard.press("Escape");
    await chat.say("still here");
    await chat.sees("still here");

    const toggle = page
      .getByRole("group", { name: "Panels" })
      .getByRole("button", { name: "Board", exact: true });
    await toggle.click();
    const board = page.getByRole("region", { name: "Board" });
    await board.getByText("The board could not be loaded").waitFor({ timeout: PATIENCE });
    // Once more in vain.
    await board.getByRole("button", { name: "Load again" }).click();
    await board.getByText("The board could not be loaded").waitFor({ timeout: PATIENCE });

    await page.getByRole("tab", { name: "Code" }).click();
    await alice.files.add("main.rs");
    await page.keyboard.insertText("fn main() {}");
    const code = page.getByRole("region", { name: "Code" });
    await code.getByText("The colours for Rust could not be loaded").waitFor({ timeout: PATIENCE });
    expect(await page.getByText("has stumbled").count()).toBe(0);

    await page.unroute(PARTS);
    await page.unroute(language);
    await code.getByRole("button", { name: "Load again" }).click();
    await code.getByText("could not be loaded").waitFor({ state: "hidden" });
    await until("the code has colours", () =>
      alice.editor.evaluate(
        (content) => content.querySelector('.cm-line span[class]:not([class*="cm-"])') !== null,
      ),
    );
    await chat.region.getByRole("button", { name: "Add an emoji" }).click();
    await picker.getByRole("gridcell").first().waitFor({ timeout: PATIENCE });
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Board" }).click();
    await board.getByRole("button", { name: "Load again" }).click();
    await new Board(alice).shown();
  }),
);

test(
  "a page that is older than what is served offers to be loaded again, and comes back to its room",
  play(async (stage) => {
    const [alice, chat] = await alone(stage);
    const { page } = alice;
    await page.route(PARTS, (route) => route.abort());
    await page.route(`${stage.node.origin}/`, async (route) => {
      const answer = await fetch(stage.node.origin);
      const body = (await answer.text()).replace(/assets\/index-/, "assets/index-of-tomorrow-");
      await route.fulfill({ body, contentType: "text/html" });
    });
    await chat.field.fill("a draft");
    await chat.region.getByRole("button", { name: "Add an emoji" }).click();
    const picker = page.getByRole("dialog", { name: "Emoji" });
    await picker.getByText("Covey was updated since this page was opened").waitFor();
    await page.unrouteAll();
    await picker.getByRole("button", { name: "Load the page again" }).click();
    await picker.waitFor({ state: "hidden" });
    await alice.inRoom();
    expect(await chat.field.inputValue()).toBe("a draft");
  }),
);

/** The address of the file with a language. */
async function fileOf({ page }: Person, language: string): Promise<string> {
  const { readdir, readFile } = await import("node:fs/promises");
  const folder = `${settings.site}/assets`;
  const names = (await readdir(folder)).filter((name) => /^dist-.*\.js$/.test(name));
  for (const name of names) {
    const text = await readFile(`${folder}/${name}`, "utf8");
    if (text.includes(`name:\`${language}\``))
      return `${new URL(page.url()).origin}/assets/${name}`;
  }
  throw new Error(`no file with ${language}`);
}
