/** A native peer keeps a room while nobody else is there. */
import { expect, test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { CoveyPeer } from "./harness/peer";
import { play } from "./harness/stage";

const TEXT = "kept by a machine";

test(
  "people who are never there at the same time share a room through a native peer and its disk",
  play(async (stage) => {
    const alice = await stage.alone("Kept");
    const link = await alice.invite();
    const keeper = new CoveyPeer("Keeper", stage.path("keeper"), link);
    try {
      keeper.start();
      await keeper.says("Alice is here, direct");
      await alice.sees("Keeper", "direct");
      await keeper.says("admitted as participant");
      await alice.type(TEXT, 20);
      await (await ChatPanel.of(alice)).say("See you never");
      await alice.delivered();
      await alice.browser.close();
      await keeper.says("Alice left");

      expect(await keeper.stop()).toBe(0);
      keeper.start();
      await keeper.says("node: connected");
      const bob = stage.person("Bob");
      await bob.join(link);
      await bob.sees("Keeper", "direct");
      await bob.hasText(TEXT);
      await (await ChatPanel.of(bob)).shows(["See you never"]);
    } finally {
      await keeper.stop();
    }
  }),
  180_000,
);
