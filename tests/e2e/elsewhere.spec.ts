/** The page on a plain static host, on a sub-path, with a node at another address. */
import { afterEach, expect, test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { until } from "./harness/condition";
import { selectedPairs } from "./harness/connections";
import { PlainHost } from "./harness/host";
import type { Person } from "./harness/person";
import { play, type Stage } from "./harness/stage";

const PATH = "/some/where/";

const hosts: PlainHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function hostOf(instead?: Record<string, string>): Promise<PlainHost> {
  const host = await PlainHost.open(PATH, instead);
  hosts.push(host);
  return host;
}

/** Somebody whose page comes from `host`. */
function visitor(stage: Stage, name: string, host: PlainHost): Person {
  return stage.person(name, { page: host.page, hosts: [`127.0.0.1:${stage.node.port}`] });
}

test(
  "people meet in a room of a static host through the node that the person named",
  play(async (stage) => {
    const host = await hostOf();
    const alice = visitor(stage, "Alice", host);
    await alice.arrive();
    await alice.page.getByText("More", { exact: true }).click();
    await alice.page.getByLabel("Node").fill(`127.0.0.1:${stage.node.port}`);
    await alice.createRoom("Somewhere else");
    await meet(stage, host, alice);
    expectAllFromThere(stage, host);

    // It is remembered on this device.
    await alice.page.getByRole("button", { name: "Leave the room" }).click();
    await alice.page.getByLabel("Node").waitFor();
    expect(await alice.page.getByLabel("Node").inputValue()).toBe(`127.0.0.1:${stage.node.port}`);
  }),
);

test(
  "people meet in a room of a static host through the node that a file beside the page names",
  play(async (stage) => {
    const nodes = [`/ip4/127.0.0.1/tcp/${stage.node.port}/ws`];
    const host = await hostOf({ "covey.json": JSON.stringify({ nodes }) });
    const alice = visitor(stage, "Alice", host);
    await alice.arrive();
    await alice.createRoom("Somewhere else");
    const link = await meet(stage, host, alice);
    const info = await alice.page.evaluate((link) => globalThis.covey?.inspect(link), link);
    expect(info?.nodes).toEqual(nodes);
    expectAllFromThere(stage, host);
  }),
);

test(
  "the page of a static host opens with the host gone, and makes rooms whose links still name the node",
  play(async (stage) => {
    const nodes = [`127.0.0.1:${stage.node.port}`];
    const host = await hostOf({ "covey.json": JSON.stringify({ nodes }) });
    const alice = visitor(stage, "Alice", host);
    await alice.arrive();
    await alice.createRoom("While it was there");
    await alice.offlineReady();
    await alice.saved();
    await alice.browser.close();
    alice.browser.expectUnreachable();
    await Promise.all(hosts.splice(0).map((host) => host.close()));

    await alice.arrive();
    await alice.createRoom("Without it");
    await until("Alice reaches the node", async () => (await alice.status()).node === "up");
    const link = await alice.invite();
    const info = await alice.page.evaluate((link) => globalThis.covey?.inspect(link), link);
    expect(info?.nodes).toEqual([`/ip4/127.0.0.1/tcp/${stage.node.port}/ws`]);
  }),
);

test(
  "an invalid address of a node is refused with a sentence",
  play(async (stage) => {
    const alice = visitor(stage, "Alice", await hostOf());
    await alice.arrive();
    const { page } = alice;
    await page.getByLabel("Your name").fill("Alice");
    await page.getByText("More", { exact: true }).click();
    await page.getByLabel("Node").fill("javascript:alert(1)");
    await page.getByRole("button", { name: "Create room" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(
      /javascript:alert\(1\).* is not the address of a node.*\.$/,
    );
  }),
);

/** Bob comes by a link of Alice's; they are connected directly, and use panels that are fetched later. */
async function meet(stage: Stage, host: PlainHost, alice: Person): Promise<string> {
  const link = await alice.invite();
  expect(link.startsWith(`${host.page}#`)).toBe(true);
  const bob = visitor(stage, "Bob", host);
  await bob.join(link);
  await Promise.all([alice.sees("Bob", "direct"), bob.sees("Alice", "direct")]);
  expect(await selectedPairs(bob)).toHaveLength(1);
  await alice.type("hello over there", 30);
  await bob.hasText("hello over there");

  const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
  await hers.say("**said** over there");
  await his.list.locator("strong", { hasText: "said" }).waitFor();
  await board(alice);
  return link;
}

async function board({ page }: Person): Promise<void> {
  await page.getByRole("button", { name: "Board", exact: true }).click();
  await page.getByRole("region", { name: "Board" }).locator("canvas").first().waitFor();
  // Its letters are among the files of the page, too.
  await until("the board's font is there", () =>
    page.evaluate(async () => (await document.fonts.load("20px Excalifont")).length > 0),
  );
}

/** Files came from below the sub-path, and words went to the node alone. */
function expectAllFromThere(stage: Stage, host: PlainHost): void {
  const node = `ws://127.0.0.1:${stage.node.port}/`;
  const asked = stage.people.flatMap(({ browser }) => browser.asked);
  expect(asked.filter((url) => !url.startsWith(host.page) && url !== node)).toEqual([]);
  expect(asked.filter((url) => url.endsWith(".woff2")).length).toBeGreaterThan(0);
  expect(asked).toContain(node);
  expect(host.missing).toEqual([]);
}
