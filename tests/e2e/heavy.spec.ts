/** Texts that are made to be slow: the editor goes without colours, the chat shows them as they were written. */
import { expect, test } from "vitest";
import { chats, type ChatPanel } from "./harness/chat";
import { becomes, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { together } from "./harness/stage";

const lines = (piece: string, count: number) => `${piece}\n`.repeat(count);

/** The text that fills a file of this name, and the sentence above it. */
const FILES: readonly [file: string, text: string, said: RegExp | undefined][] = [
  ["nul.js", "\0".repeat(50_000), /can’t be seen.*turn the direction/],
  ["blank.js", lines("a\u200b".repeat(1_000), 450), /can’t be seen.*turn the direction/],
  ["tags.html", lines("<a>", 300_000), /Colours are off.*deep/],
  ["brackets.json", "[".repeat(1_000_000), /Colours are off.*line/],
  ["marks.md", "_**a".repeat(4_000), /Colours are off.*paragraph/],
  // Neighbours: plain text has no colours to lose, so nothing need be said.
  ["marks.txt", `e${"\u0301".repeat(200_000)}`, undefined],
  ["skin.txt", "👋🏿".repeat(50_000) + "🏿".repeat(50_000), undefined],
  ["hebrew.txt", "\u05d0\u05d1 ".repeat(350_000), undefined],
];

/** Marks in the page, at most: the bound on widgets. */
const MARKED = 2_000;
/** Marks on one letter that the browser is given to lay out, at most. */
const PILED = 30;
/** A key and the picture after it, on a busy machine. Unbounded it takes many seconds. */
const KEY_MS = 3_000;

test(
  "typing in a file made to be slow is as quick as in any other",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    for (const [file, text, said] of FILES) {
      await alice.files.add(file);
      const length = await fill(alice, file, text);
      const since = performance.now();
      await bob.files.open(file);
      console.log(`${file}: opened after ${Math.round(performance.now() - since)} ms`);
      await becomes(`bob has ${file}`, () => lengthOf(bob, file), length);
      const code = bob.page.getByRole("region", { name: "Code" });
      if (said) await code.getByRole("status").filter({ hasText: said }).waitFor();

      expect(await code.locator(".cm-specialChar").count(), file).toBeLessThanOrEqual(MARKED);
      expect(await code.evaluate(piledIn), file).toBeLessThanOrEqual(PILED);
      if (said?.source.includes("off") === true) expect(await coloredIn(bob), file).toBe(0);
      await bob.goTo("start");
      const spent: number[] = [];
      for (const key of "abc") spent.push(await timeOf(bob, key));
      console.log(`${file}: keys took ${spent.map(Math.round).join(", ")} ms`);
      expect(Math.max(...spent), file).toBeLessThan(KEY_MS);
      await becomes(`alice has what bob wrote in ${file}`, () => lengthOf(alice, file), length + 3);
      await bob.files.open("main.js");
    }
  }),
  600_000,
);

test(
  "colours come back with a text that is light again",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.paste("const a = 1;\n");
    await bob.hasText("const a = 1;\n");
    await until("bob sees colours", async () => (await coloredIn(bob)) > 0);
    const code = bob.page.getByRole("region", { name: "Code" });
    const strip = code.getByRole("status").filter({ hasText: "Colours are off" });
    await fill(alice, "main.js", lines("[", 1_000));
    await strip.waitFor();
    expect(await coloredIn(bob)).toBe(0);
    await alice.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("code");
      const text = view?.doc.getText("file/main");
      text?.delete(0, 2_000);
    });
    await strip.waitFor({ state: "hidden" });
    await until("bob sees colours again", async () => (await coloredIn(bob)) > 0);
  }),
);

/** As long as a message may be. */
const filled = (piece: string) => piece.repeat(Math.floor(16_000 / piece.length));
const MESSAGES = ["_**a", "_*_*a", "__a_", "> ", "- ", "![](", "|a|b|\n|-|-|\n", "`a``"];

test(
  "messages that are made to be slow are shown as they were written",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await watchTasks(bob);
    for (const [at, piece] of MESSAGES.entries()) {
      await alice.write([{ k: "say", text: filled(piece), at: Date.now() }]);
      await bob.hasRecords(at + 1);
      // A text that is cut to its first part may be light enough.
      await showAllOfTheLast(bob);
      const message = bob.list.getByRole("article").last();
      await message.getByText("Shown as it was written").waitFor();
    }
    await alice.write([{ k: "say", text: `e${"\u0301".repeat(8_000)}`, at: Date.now() }]);
    await bob.hasRecords(MESSAGES.length + 1);
    await showAllOfTheLast(bob);
    await bob.list.getByText("+7,970 marks").waitFor();
    expect(await bob.list.evaluate(piledIn)).toBe(PILED);
    await alice.say("the **end**");
    await bob.message("the end").locator("strong").waitFor();
    const longest = await bob.page.evaluate(() => Math.max(0, ...(globalThis.coveyTasks ?? [])));
    console.log(`the longest task took ${Math.round(longest)} ms`);
    expect(longest).toBeLessThan(KEY_MS);
  }),
);

async function fill(person: Person, file: string, text: string): Promise<number> {
  return person.page.evaluate(
    async ([name, text]) => {
      const view = await globalThis.coveyRoom?.doc("code");
      if (!view) throw new Error("no room is open");
      const index = view.doc.getMap("files");
      const named = [...index].find(([, entry]) => (entry as { name: string }).name === name);
      const shared = view.doc.getText(`file/${named?.[0] ?? "main"}`);
      shared.insert(0, text);
      return shared.length;
    },
    [file, text] as const,
  );
}

function lengthOf(person: Person, file: string): Promise<number> {
  return person.page.evaluate(async (name) => {
    const view = await globalThis.coveyRoom?.doc("code");
    const index = view?.doc.getMap("files") ?? new Map<string, unknown>();
    const named = [...index].find(([, entry]) => (entry as { name: string }).name === name);
    return view?.doc.getText(`file/${named?.[0] ?? "main"}`).length ?? 0;
  }, file);
}

/** The most marks in a row that stand in one piece of text; runs in the page. */
function piledIn(element: Element): number {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let most = 0;
  while (texts.nextNode()) {
    const rows = texts.currentNode.textContent?.match(/[\p{M}\p{Emoji_Modifier}]+/gu) ?? [];
    for (const row of rows) most = Math.max(most, Array.from(row).length);
  }
  return most;
}

/** Pieces of code that have a colour of their own. */
function coloredIn(person: Person): Promise<number> {
  return person.page.evaluate(() => {
    const plain = getComputedStyle(document.querySelector(".cm-content") ?? document.body).color;
    const pieces = document.querySelectorAll(
      ".cm-line span:not(.cm-specialChar, .cm-ySelectionCaret, [class*=Bracket])",
    );
    return [...pieces].filter((piece) => getComputedStyle(piece).color !== plain).length;
  });
}

/** From a key to the frame after the one that shows it. */
async function timeOf(person: Person, key: string): Promise<number> {
  const start = performance.now();
  await person.page.keyboard.press(key);
  await person.page.evaluate(
    () => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))),
  );
  return performance.now() - start;
}

/** Goes to the last message, which alone is shown in part: one that has become longer leaves the list before its end. */
async function showAllOfTheLast(chat: ChatPanel): Promise<void> {
  const more = chat.list.getByRole("button", { name: "Show all" });
  await until("the last message is drawn", async () => {
    await chat.goToEnd();
    return more.isVisible();
  });
  await more.click();
}

async function watchTasks(chat: { page: Person["page"] }): Promise<void> {
  await chat.page.evaluate(() => {
    const tasks: number[] = [];
    globalThis.coveyTasks = tasks;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: "longtask" });
  });
}
