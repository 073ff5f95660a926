/** What a page does while an invitation is being read. */
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import { PlainHost } from "./harness/host";
import type { Person } from "./harness/person";
import { play } from "./harness/stage";

const sockets = ({ browser }: Person) => browser.asked.filter((url) => url.startsWith("ws"));

test(
  "the page's own node is greeted before anybody joins, and that connection is used",
  play(async (stage) => {
    const alice = await stage.alone("Prepared");
    const bob = stage.person("Bob");
    await bob.arrive(await alice.invite());
    await until("Bob's page is connected to its node", () => sockets(bob).length === 1);
    expect(await bob.page.evaluate(() => globalThis.coveyRoom)).toBeUndefined();

    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.page.getByRole("button", { name: "Join room" }).click();
    await bob.inRoom();
    await Promise.all([alice.sees("Bob", "direct"), bob.sees("Alice", "direct")]);
    expect(sockets(bob)).toHaveLength(1);
  }),
);

test(
  "a node that only the link names is not contacted before somebody joins",
  play(async (stage) => {
    const host = await PlainHost.open("/elsewhere/");
    try {
      const hosts = [`127.0.0.1:${stage.node.port}`];
      const alice = stage.person("Alice", { page: host.page, hosts });
      await alice.arrive();
      await alice.page.getByText("More", { exact: true }).click();
      await alice.page.getByLabel("Node").fill(`127.0.0.1:${stage.node.port}`);
      await alice.createRoom("Not prepared");
      const link = await alice.invite();

      const bob = stage.person("Bob", { page: host.page, hosts });
      await bob.arrive(link);
      await bob.page.getByRole("button", { name: "Join room", disabled: false }).waitFor();
      await bob.page.waitForLoadState("networkidle");
      expect(sockets(bob)).toEqual([]);

      await bob.page.getByLabel("Your name").fill("Bob");
      await bob.page.getByRole("button", { name: "Join room" }).click();
      await Promise.all([alice.sees("Bob", "direct"), bob.sees("Alice", "direct")]);
      expect(sockets(bob)).toEqual([`ws://127.0.0.1:${stage.node.port}/`]);
    } finally {
      await host.close();
    }
  }),
);
