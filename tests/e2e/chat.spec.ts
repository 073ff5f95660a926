/** The chat between two people: what each of them sees of what the other does. */
import { expect, test } from "vitest";
import { chats, type ChatPanel } from "./harness/chat";
import { becomes } from "./harness/condition";
import { together } from "./harness/stage";

test(
  "messages are sent, edited, deleted and brought back",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await bob.list.getByText("Nothing has been said yet.").waitFor();
    await alice.say("good morning");
    await bob.sees("good morning");
    await alice.field.fill("two");
    await alice.field.press("Shift+Enter");
    await alice.page.keyboard.type("lines");
    await alice.field.press("Enter");
    await bob.shows(["good morning", "two\nlines"]);
    // Messages of one person that follow each other share one head.
    expect(await bob.list.getByText("Alice", { exact: true }).count()).toBe(1);
    await bob.say("hello Alice");
    await alice.sees("hello Alice");

    await alice.field.press("ArrowUp");
    await becomes("Alice's field", () => alice.field.inputValue(), "two\nlines");
    await alice.field.fill("one line");
    await alice.field.press("Enter");
    await bob.sees("one line");
    await bob.message("one line").getByText("edited").waitFor();
    await alice.field.press("ArrowUp");
    await alice.field.fill("never");
    await alice.field.press("Escape");
    await becomes("Alice's field", () => alice.field.inputValue(), "");

    await alice.act("good morning", "Delete");
    await bob.seesNo("good morning");
    await alice.page.getByRole("button", { name: "Undo" }).click();
    await bob.shows(["good morning", "one line", "hello Alice"]);
    await alice.shows(["good morning", "one line", "hello Alice"]);

    // Bob may not delete what Alice wrote; Alice, the owner, may delete what Bob wrote.
    await bob.message("good morning").hover();
    const actions = bob.message("good morning").getByRole("toolbar", { name: "Actions" });
    await actions.waitFor();
    expect(await actions.getByRole("button", { name: /Delete|Edit/ }).count()).toBe(0);
    await alice.act("hello Alice", "Delete");
    await bob.seesNo("hello Alice");
  }),
);

test(
  "threads work, and a deleted message with a thread leaves a line",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.say("who has the key?");
    await bob.sees("who has the key?");
    await bob.act("who has the key?", "Reply in thread");
    const reply = bob.thread.getByLabel("Reply", { exact: true });
    await reply.fill("I have");
    await reply.press("Enter");
    await bob.sees("I have", bob.thread);
    // Not in the list, but counted there.
    await alice
      .message("who has the key?")
      .getByRole("button", { name: /1 reply/ })
      .waitFor();
    expect(await alice.texts()).toEqual(["who has the key?"]);
    await alice.hasUnread(1);
    await alice.list.getByRole("button", { name: "1 new reply" }).click();
    await alice.sees("I have", alice.thread);
    await alice.hasUnread(0);
    await alice.thread.getByLabel("Reply", { exact: true }).fill("then come");
    await alice.thread.getByLabel("Reply", { exact: true }).press("Enter");
    await bob.sees("then come", bob.thread);
    await bob.thread.getByText("2 replies").waitFor();

    await alice.thread.getByRole("button", { name: "Close thread" }).click();
    await alice.act("who has the key?", "Delete");
    await bob.list.getByText("This message was deleted.").waitFor();
    await bob.list.getByRole("button", { name: /2 replies/ }).waitFor();
    await bob.seesNo("who has the key?");
  }),
);

test(
  "reactions come and go, from the row and from all emoji",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.say("done");
    await bob.sees("done");
    await bob.act("done", "React with 👍");
    const chip = (chat: ChatPanel, name: string) =>
      chat.message("done").getByRole("group", { name: "Reactions" }).getByRole("button", { name });
    await chip(alice, "👍 1").click();
    await chip(bob, "👍 2").waitFor();
    expect(await chip(bob, "👍 2").getAttribute("title")).toMatch(/^(You, Alice|Alice, You): 👍$/);
    await chip(bob, "👍 2").click();
    await chip(alice, "👍 1").waitFor();
    expect(await chip(alice, "👍 1").getAttribute("aria-pressed")).toBe("true");

    await bob.act("done", "React with another emoji");
    await bob.page.getByLabel("Search emoji").fill("octopus");
    await bob.page.getByRole("gridcell", { name: "octopus" }).click();
    await chip(alice, "🐙 1").waitFor();
  }),
);
