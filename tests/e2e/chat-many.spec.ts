/** Long chats, and chats that went on in two places at once. */
import { expect, test } from "vitest";
import { ChatPanel, chats } from "./harness/chat";
import { becomes } from "./harness/condition";
import { play, together } from "./harness/stage";

const MANY = 10_000;

test(
  "10,000 messages open at their end, and can be scrolled to their start",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    const started = Date.now() - MANY * 60_000;
    for (let from = 0; from < MANY; from += 500) {
      await alice.write(
        Array.from({ length: 500 }, (_, i) => ({
          k: "say",
          text: `number ${from + i} of many, **as it is** said`,
          at: started + (from + i) * 60_000,
        })),
      );
    }
    await bob.hasRecords(MANY, 120_000);
    await bob.sees(`number ${MANY - 1} of many`);
    const elements = () => bob.list.getByRole("article").count();
    expect(await elements()).toBeLessThan(80);

    // Shown anew: at once at the end.
    await bob.hide();
    await bob.show();
    await bob.sees(`number ${MANY - 1} of many`);
    await bob.message(`number ${MANY - 1} of many`).focus();
    await bob.page.keyboard.press("Home");
    await bob.sees("number 0 of many");
    expect(await elements()).toBeLessThan(80);
    await bob.say("mine, at the end");
    await bob.sees("mine, at the end");
    await alice.sees("mine, at the end");
  }),
  300_000,
);

test(
  "messages that two people wrote apart stand in one order for both",
  play(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.say("together");
    await bob.sees("together");
    await Promise.all([bob.person.offlineReady(), alice.person.delivered()]);
    await bob.person.browser.close();
    await stage.killNode();

    for (const text of ["alice one", "alice two"]) await alice.say(text);
    await alice
      .message("alice two")
      .getByRole("img", { name: "Nobody else has this yet" })
      .waitFor();
    await bob.person.arrive();
    await bob.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await bob.person.inRoom();
    const again = await ChatPanel.of(bob.person);
    await again.shows(["together"]);
    for (const text of ["bob one", "bob two", "bob three"]) await again.say(text);
    await again.act("bob one", "React with 👍");
    await bob.person.saved();

    await stage.node.restart();
    await alice.person.sees("Bob", "direct", 90_000);
    await alice.sees("bob three");
    await again.sees("alice two");
    const order = await again.texts();
    expect(order).toHaveLength(6);
    expect(order[0]).toBe("together");
    // Each one's own messages have kept their order.
    expect(order.filter((text) => text.startsWith("alice"))).toEqual(["alice one", "alice two"]);
    expect(order.filter((text) => text.startsWith("bob"))).toEqual([
      "bob one",
      "bob two",
      "bob three",
    ]);
    await alice.shows(order);
    await alice.message("bob one").getByRole("button", { name: "👍 1" }).waitFor();
    const clocks = () => alice.list.getByRole("img", { name: "Nobody else has this yet" }).count();
    await becomes("messages that nobody else has", clocks, 0);

    // The order is of the log, not of this page's life.
    await alice.person.reload();
    await alice.show();
    await alice.shows(order);
  }),
  300_000,
);

test(
  "a newcomer who is not admitted yet is told so, and writes as soon as somebody comes",
  play(async (stage) => {
    const alice = await stage.alone("Two people");
    const link = await alice.invite();
    await alice.saved();
    await alice.browser.close();

    const bob = stage.person("Bob");
    await bob.arrive(link);
    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.page.getByRole("button", { name: "Join room" }).click();
    const chat = await ChatPanel.of(bob);
    await chat.region.getByText("You can write here as soon as someone lets you in.").waitFor();
    expect(await chat.field.count()).toBe(0);

    await alice.arrive();
    await alice.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await alice.inRoom();
    await chat.say("there you are");
    await (await ChatPanel.of(alice)).sees("there you are");
  }),
);

test(
  "a viewer reads along, and has no field",
  together(async (stage) => {
    const alice = await stage.alone("To be read");
    const chat = await ChatPanel.of(alice);
    await chat.say("for everyone");
    const vera = stage.person("Vera");
    await vera.join(await alice.invite("viewer"));
    const view = await ChatPanel.of(vera);
    await view.sees("for everyone");
    await view.region.getByText("Your link lets you look").waitFor();
    expect(await view.field.count()).toBe(0);
    await view.message("for everyone").hover();
    expect(await view.region.getByRole("toolbar").count()).toBe(0);
    await view.message("for everyone").getByRole("button", { name: "Show source" }).click();
    const source = vera.page.getByRole("dialog").getByLabel("Source");
    expect(await source.inputValue()).toBe("for everyone");
  }),
);
