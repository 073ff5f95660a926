/** What people write stays text, wherever it is shown: nothing of it runs, and nothing of it asks anybody for anything. */
import { expect, test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { becomes, until } from "./harness/condition";
import { PAYLOADS } from "./harness/payloads";
import type { Person } from "./harness/person";
import { together, type Stage } from "./harness/stage";
import { drawn, Trap } from "./harness/trap";

const PATIENT = 300_000;

/** Alice, who is shown what Bob does to her, and Bob, who can do what any page with his key can. */
async function victim(stage: Stage): Promise<[Person, Person, Trap]> {
  const [alice, bob] = await stage.pair();
  return [alice, bob, await Trap.set(alice)];
}

test("the payloads are many, and no two are the same", () => {
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
});

test(
  "the trap notices script that runs",
  together(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    const trap = await Trap.set(alice);
    await trap.holds("nothing yet");
    for (const payload of [`<p onclick="x">`, `<a href="javascript:x">`, `<base>`, `<math>`]) {
      const place = await alice.page.evaluateHandle(() => {
        const place = document.createElement("div");
        document.body.append(place);
        return place;
      });
      await place.evaluate((place, html) => (place.innerHTML = html), payload);
      await expect(trap.holds(payload)).rejects.toThrow();
      await place.evaluate((place) => place.remove());
      await trap.holds("it is gone");
    }
    await alice.page.evaluate("coveyTrap()");
    await expect(trap.holds("something ran")).rejects.toThrow();
    // The policy has its own word about the first.
    alice.browser.problems.length = 0;
  }),
);

test(
  "script in messages, edits, replies and reactions does not run",
  together(async (stage) => {
    const [alice, bob, trap] = await victim(stage);
    const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
    for (const payload of PAYLOADS) await his.say(payload);
    await hers.hasRecords(PAYLOADS.length);
    await drawn(alice);
    await trap.holds("typed");

    let records = PAYLOADS.length;
    const written = async (...some: unknown[]) => {
      const id = await his.write(some);
      records += some.length;
      await hers.hasRecords(records);
      await drawn(alice);
      return id;
    };
    const at = Date.now();
    // Each of them is the last, so the list shows it.
    let last = "";
    for (const text of PAYLOADS) last = await written({ k: "say", text, at });
    await trap.holds("written");
    for (const text of PAYLOADS) await written({ k: "edit", of: last, text, at });
    await trap.holds("edited");
    for (const emoji of PAYLOADS) {
      const react = { k: "react", of: last, on: true };
      await written({ ...react, emoji }, { ...react, emoji: `👍${emoji.slice(0, 20)}` });
    }
    await trap.holds("reacted");
    await written(...PAYLOADS.map((text) => ({ k: "say", text, at, re: last })));
    await hers.list.getByRole("button", { name: /repl/ }).last().click();
    await hers.thread.getByRole("article").last().waitFor();
    await trap.holds("in a thread");
  }),
  PATIENT,
);

test(
  "script in invalid records does not run",
  together(async (stage) => {
    const [alice, bob, trap] = await victim(stage);
    const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
    await his.say("before");
    await hers.sees("before");
    const at = Date.now();
    const odd: unknown[] = PAYLOADS.flatMap((text) => [
      text,
      [text],
      { k: text, text, at },
      { k: "say", text: { toString: text }, at },
      { k: "say", text, at: text },
      { k: "say", text: "odd", at, re: text },
      { k: "edit", of: text, text, at },
      { k: "remove", of: text, at },
      { k: "react", of: text, emoji: text, on: text },
      // Yjs itself writes no object whose own key is this.
      ...(text === "constructor" ? [] : [{ [text.slice(0, 100)]: text }]),
    ]);
    const moments = [-1, 0, 1e300, 8.64e15, 8.64e15 + 1, 1.5, null, true, "1"];
    odd.push(...moments.map((at) => ({ k: "say", text: "at an odd moment", at })));
    odd.push(null, true, 0, -0, 1e308, "", [], {}, [[[[]]]], { k: "say" }, { k: "__proto__" });
    await his.write(odd);
    await hers.hasRecords(odd.length + 1);
    await his.say("after");
    await hers.sees("after");
    await trap.holds("odd records");
    expect(await hers.message("odd").count()).toBeGreaterThan(0);
  }),
  PATIENT,
);

test(
  "script in the names of people does not run",
  together(async (stage) => {
    const [alice, bob, trap] = await victim(stage);
    const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
    await his.say("my name is");
    await hers.sees("my name is");
    await bob.type("caret", 30);
    await alice.page.getByRole("button", { name: "Follow Bob in the code" }).click();
    for (const payload of PAYLOADS) {
      const name = await bob.page.evaluate((name) => {
        globalThis.coveyRoom?.setName(name);
        return globalThis.coveyRoom?.people.find(({ self }) => self)?.name;
      }, payload);
      const seen = () =>
        alice.page.evaluate(() => globalThis.coveyRoom?.people.find(({ self }) => !self)?.name);
      await becomes("Bob's name", seen, name);
      await drawn(alice);
    }
    await trap.holds("names");
  }),
  PATIENT,
);

test(
  "script in the titles of rooms does not run",
  together(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    await alice.page.getByLabel("Your name").fill("Alice");
    await until("the engine runs", () => alice.page.evaluate(() => globalThis.covey !== undefined));
    const links = await alice.page.evaluate(async (titles) => {
      const made: string[] = [];
      for (const title of titles) {
        const room = await globalThis.covey?.create({ name: "Alice", title });
        if (!room) throw new Error("the engine does not run");
        made.push(await room.invite({ role: "participant" }));
        await until(() => room.status.unsaved === 0);
        await room.leave();
      }
      return made;

      async function until(done: () => boolean): Promise<void> {
        while (!done()) await new Promise((next) => requestAnimationFrame(next));
      }
    }, PAYLOADS);
    const trap = await Trap.set(alice);
    await alice.page.reload();
    const rooms = alice.page.getByRole("region", { name: "Rooms on this device" });
    await becomes("rooms in the list", () => rooms.getByRole("listitem").count(), PAYLOADS.length);
    await trap.holds("in the list");
    await rooms
      .getByRole("button", { name: /^Forget/ })
      .first()
      .click();
    await alice.page.getByRole("alertdialog").waitFor();
    await trap.holds("in a question");
    await alice.page.keyboard.press("Escape");

    for (const link of links) {
      await alice.page.evaluate((link) => (location.hash = link), link.slice(link.indexOf("#")));
      await alice.page.getByText("You are invited to").waitFor();
      await drawn(alice);
      await alice.page.getByRole("button", { name: "Start page" }).click();
    }
    await trap.holds("in invitations");
    await rooms.getByRole("listitem").getByRole("button").first().click();
    await alice.inRoom();
    await trap.holds("in a room");
  }),
  PATIENT,
);

test(
  "script in names, ids and texts of files does not run",
  together(async (stage) => {
    const [alice, bob, trap] = await victim(stage);
    await bob.page.evaluate(async (payloads) => {
      const view = await globalThis.coveyRoom?.doc("code");
      if (!view) throw new Error("no room is open");
      const index = view.doc.getMap("files");
      payloads.forEach((name, i) => {
        index.set(`f${i}`, { name: name.slice(0, 200), order: "a1" });
        view.doc.getText(`file/f${i}`).insert(0, name);
      });
    }, PAYLOADS);
    const tabs = alice.files.row.locator("[data-tab]");
    await until("Alice sees all files", async () => (await tabs.count()) >= PAYLOADS.length - 5);
    await trap.holds("names of files");
    const shown = await tabs.count();
    for (let i = 0; i < shown; i += 1) {
      await tabs.nth(i).click();
      await drawn(alice);
    }
    await trap.holds("texts of files");

    await bob.page.evaluate(async (payloads) => {
      const view = await globalThis.coveyRoom?.doc("code");
      const index = view?.doc.getMap("files");
      const odd: unknown[] = [null, 1, "x", [], {}, { name: 1 }, { name: "n", order: 1 }];
      for (const id of [...payloads.map((id) => id.slice(0, 60)), "__proto__", "constructor"]) {
        index?.set(id, { name: id, order: id, gone: id });
        index?.set(`o${id}`, odd[id.length % odd.length]);
      }
      for (const order of ["", "a", "z".repeat(500), "a0", "\u0000", "<b>"]) {
        index?.set(`order${order.length}`, { name: "order", order });
      }
    }, PAYLOADS);
    await alice.files.add("after.js");
    await trap.holds("ids of files");
  }),
  PATIENT,
);
