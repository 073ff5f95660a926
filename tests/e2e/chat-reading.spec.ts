/** How people follow a chat: days, what is new, who is typing, who has read, and all of it by keyboard. */
import { expect, test } from "vitest";
import { ChatPanel, chats } from "./harness/chat";
import { becomes, until } from "./harness/condition";
import { together } from "./harness/stage";

const DAY = 86_400_000;

test(
  "days are separated, and every time has its full date",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    const now = Date.now();
    const old = new Date(2021, 4, 3, 12).getTime();
    await alice.write([
      { k: "say", text: "long ago", at: old },
      { k: "say", text: "a day ago", at: now - DAY },
      { k: "say", text: "just so", at: now },
    ]);
    await bob.sees("just so");
    const days = () =>
      bob.list
        .getByRole("separator")
        .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    expect(await days()).toEqual(["May 3, 2021", "Yesterday", "Today"]);
    const time = bob.message("long ago").locator("time").first();
    expect(await time.getAttribute("title")).toBe("Monday, May 3, 2021 at 12:00 PM");
    expect(await time.getAttribute("datetime")).toBe(new Date(old).toISOString());
  }),
);

test(
  "a wrong clock makes no message less new, and adds no days",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await bob.say("here");
    await alice.sees("here");
    await bob.hide();
    const YEAR = 365 * DAY;
    for (const [text, off] of [
      ["a minute ago", -60_000],
      ["a year ago", -YEAR],
      ["in a year", YEAR],
      ["now", 0],
    ] as const) {
      await alice.write([{ k: "say", text, at: Date.now() + off }]);
    }
    await bob.hasUnread(4);
    await bob.show();
    await bob.sees("now");
    const days = () =>
      bob.list
        .locator("time")
        .evaluateAll((all) =>
          all
            .filter((each) => each.parentElement?.role === "separator")
            .map((each) => each.textContent),
        );
    expect(await days()).toEqual(["Today"]);
    await bob.hasUnread(0);
    await bob.person.reload();
    await bob.show();
    await bob.sees("now");
    expect(await days()).toEqual(["Today"]);
    await bob.hasUnread(0);

    // Earlier messages are not new to a newcomer, whatever their author's clock said.
    const carol = stage.person("Carol");
    await carol.join(await alice.person.invite());
    const late = await ChatPanel.of(carol);
    await late.sees("now");
    await late.hasUnread(0);
    await late.hide();
    await alice.write([{ k: "say", text: "welcome", at: Date.now() - YEAR }]);
    await late.hasUnread(1);
  }),
);

test(
  "messages that came while one was away are counted, marked and reached by a button",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.say("seen");
    await bob.sees("seen");
    await bob.hide();
    for (const text of ["unseen one", "unseen two", "unseen three"]) await alice.say(text);
    await bob.hasUnread(3);
    await bob.show();
    await bob.list.getByRole("separator", { name: "New" }).waitFor();
    const order = () =>
      bob.list
        .locator("[role=separator][aria-label=New], article")
        .evaluateAll((all) =>
          all.map((each) => each.querySelector(".chat-text")?.textContent.trim() ?? "New"),
        );
    expect(await order()).toEqual(["seen", "New", "unseen one", "unseen two", "unseen three"]);
    await bob.hasUnread(0);

    // Kept on the device: what was read once is not new after a reload, and what came meanwhile is.
    await alice.write(
      Array.from({ length: 60 }, (_, i) => ({ k: "say", text: `line ${i}`, at: Date.now() })),
    );
    await bob.hasInView("line 59");
    await bob.scrollTo("unseen one", -800);
    await alice.say("news below");
    await bob.list.getByRole("button", { name: "Jump to the latest, 1 new" }).click();
    await bob.sees("news below");
    await bob.hasUnread(0);
    await bob.hide();
    await alice.say("over the reload");
    await bob.hasUnread(1);
    await bob.person.reload();
    await bob.hasUnread(1);
  }),
);

test(
  "the chat shows who is typing and how far the others have read",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.say("first");
    await bob.sees("first");
    await alice.message("first").getByRole("img", { name: "Read by Bob" }).waitFor();
    await alice.field.pressSequentially("I am just");
    await bob.region.getByText("Alice is typing…").waitFor();
    await alice.field.press("Enter");
    await bob.region.getByText("Alice is typing…").waitFor({ state: "hidden" });
    await alice.message("I am just").getByRole("img", { name: "Read by Bob" }).waitFor();
    expect(await alice.list.getByRole("img", { name: "Read by Bob" }).count()).toBe(1);
    await bob.hide();
    await alice.say("not read");
    await bob.hasUnread(1);
    expect(await alice.message("not read").getByRole("img", { name: "Read by Bob" }).count()).toBe(
      0,
    );
    // A person who stops typing without sending is taken off after a while.
    await bob.show();
    await bob.field.pressSequentially("hm");
    await alice.region.getByText("Bob is typing…").waitFor();
    await alice.region.getByText("Bob is typing…").waitFor({ state: "hidden" });
  }),
);

test(
  "a draft outlasts the page, and the keyboard reaches everything",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await bob.say("here");
    await alice.sees("here");
    await alice.field.fill("half a thou");
    await alice.person.reload();
    await alice.show();
    await becomes("Alice's draft", () => alice.field.inputValue(), "half a thou");
    await alice.field.fill("");

    await bob.say("and there");
    await alice.sees("and there");
    await alice.field.focus();
    const focused = () =>
      alice.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    await until("the focus is on a message", async () => {
      await alice.page.keyboard.press("Shift+Tab");
      return (await focused()).startsWith("Bob, ");
    });
    await alice.page.keyboard.press("ArrowUp");
    await alice.message("here").and(alice.page.locator(":focus")).waitFor();
    await alice.page.keyboard.press("Tab");
    await becomes("the focus", focused, "React with 👍");
    await alice.page.keyboard.press("ArrowRight");
    await becomes("the focus", focused, "React with ❤️");
    await alice.page.keyboard.press("Enter");
    await bob.message("here").getByRole("button", { name: "❤️ 1" }).waitFor();
  }),
);
