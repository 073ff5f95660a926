/** Somebody's page is of a newer version: nobody is cut off, nothing is lost, and the others are told what to do. */
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import type { Person } from "./harness/person";
import { settings } from "./harness/settings";
import { play } from "./harness/stage";

const TOLD = /newer version of Covey/;

/** A page says and writes what no page of today knows, as one would that came later. */
async function becomesNewer({ page }: Person, how: "newer" | "newer-act"): Promise<void> {
  await page.evaluate((how) => {
    if (!globalThis.coveyMisbehave) throw new Error("this page is like the others");
    globalThis.coveyMisbehave(how);
  }, how);
}

async function isTold({ page }: Person): Promise<void> {
  await page.getByText(TOLD).waitFor();
  await page.getByRole("button", { name: "Load again" }).waitFor();
}

test(
  "a room of an older and a newer page goes on, and what only the newer can read is kept",
  play(async (stage) => {
    const nora = stage.person("Nora", { site: settings.misbehavingSite });
    await nora.arrive();
    await nora.createRoom("Old and new");
    await becomesNewer(nora, "newer");
    const link = await nora.invite();
    const bob = stage.person("Bob");
    await bob.join(link);
    await Promise.all([bob.sees("Nora", "direct"), nora.sees("Bob", "direct")]);
    await isTold(bob);

    await nora.type("fromnora", 20);
    await bob.hasText("fromnora");
    await bob.goTo("end");
    await bob.type("andbob", 20);
    await nora.hasText("fromnoraandbob");
    await until("Bob ignores what he does not know", async () => {
      const { refused } = await bob.stats();
      return (refused.newer ?? 0) > 20;
    });
    expect(Object.keys((await bob.stats()).refused)).toEqual(["newer"]);

    // Nora goes: somebody who comes has all that she wrote, from Bob, who can't read it all.
    const { entries } = await bob.stats();
    await nora.browser.close();
    const carol = stage.person("Carol");
    await carol.join(await bob.invite());
    await carol.hasText("fromnoraandbob");
    await isTold(carol);
    await until("Carol has every entry", async () => (await carol.stats()).entries >= entries);

    // The entries that can't be read stay on the disk.
    await bob.page.reload();
    await bob.inRoom();
    await isTold(bob);
    expect((await bob.stats()).entries).toBeGreaterThanOrEqual(entries);
  }),
);

test(
  "an act about members that only a newer page knows holds up nobody else",
  play(async (stage) => {
    const nora = stage.person("Nora", { site: settings.misbehavingSite });
    await nora.arrive();
    await nora.createRoom("Old and new");
    const link = await nora.invite();
    const [bob, carol] = [stage.person("Bob"), stage.person("Carol")];
    await bob.join(link);
    await carol.join(link);
    await Promise.all([carol.sees("Bob", "direct"), carol.sees("Nora", "direct")]);
    await becomesNewer(nora, "newer-act");
    await Promise.all([isTold(bob), isTold(carol)]);
    await bob.type("wegoon", 20);
    await carol.hasText("wegoon");
    await bob.sees("Nora", "direct");
    expect(Object.keys((await bob.stats()).refused)).toEqual([]);
  }),
);
