/** A browser that is started with every server dead shows the whole room. */
import { expect, test } from "vitest";
import { becomes } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "a browser started again with the node dead opens the room, and the person can write",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.type("written together", 10);
    await bob.hasText("written together");
    await Promise.all([bob.offlineReady(), alice.delivered()]);
    await bob.browser.close();
    await stage.killNode();

    await bob.arrive();
    await bob.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await bob.inRoom();
    expect(await bob.text()).toBe("written together");
    await becomes("Bob's badge", () => bob.reach(), "offline");

    await bob.goTo("end");
    await bob.type(" and alone", 10);
    await bob.saved();
    await bob.browser.close();
    await bob.arrive();
    await bob.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await bob.inRoom();
    expect(await bob.text()).toBe("written together and alone");

    await stage.node.restart();
    await Promise.all([alice.sees("Bob", "direct", 90_000), bob.sees("Alice", "direct", 90_000)]);
    await alice.hasText("written together and alone");
  }),
  300_000,
);

test(
  "other addresses of the site lead to the page, and the invitation leaves the address",
  play(async (stage) => {
    const alice = await stage.alone("Two places");
    const link = await alice.invite();
    const fragment = link.slice(link.indexOf("#"));
    const bob = stage.person("Bob");
    await bob.arrive();
    await bob.offlineReady();
    for (const place of ["foo/", "foo/bar/", "foo", "foo/index.html", "a.html"]) {
      await bob.page.goto(`${stage.node.origin}/${place}${fragment}`);
      await bob.page.getByRole("heading", { name: "Two places" }).waitFor();
      expect(bob.page.url()).toBe(`${stage.node.origin}/`);
      await bob.page.getByRole("button", { name: "Start page" }).click();
    }
  }),
);

test(
  "a person is the same person after coming back, and opens the room under their name",
  play(async (stage) => {
    const [alice, bob] = await stage.pair();
    const id = () => bob.page.evaluate(() => globalThis.coveyRoom?.people.find((p) => p.self)?.id);
    const before = await id();
    await bob.saved();
    // A browser writes this some seconds later than the room, and may end before.
    await bob.page.evaluate(() => localStorage.clear());
    await bob.browser.close();
    await alice.sees("Bob", "offline", 60_000);
    await bob.arrive();
    await bob.page
      .getByRole("button", { name: /Two people/ })
      .first()
      .click();
    await bob.inRoom();
    expect(await id()).toBe(before);
    await alice.sees("Bob", "direct");
    expect(await alice.people()).toHaveLength(2);
  }),
);
