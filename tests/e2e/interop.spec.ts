/** Our transport and js-libp2p, browser to browser, by way of our node. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import { Laboratory, type EchoPage } from "./harness/echo";

const MANY = 10 << 20;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
}, 60_000);
afterAll(() => laboratory.close());

describe.each([
  { dialler: "js" as const, dialled: "covey" as const },
  { dialler: "covey" as const, dialled: "js" as const },
])("$dialler dials $dialled", ({ dialler, dialled }) => {
  let one: EchoPage;
  let other: EchoPage;
  /** The pairs that open streams, in turn. */
  const ways = () =>
    [
      [one, other],
      [other, one],
    ] as const;
  beforeAll(async () => {
    one = await laboratory.peer(dialler);
    other = await laboratory.peer(dialled);
    await one.dial(other);
    await becomes(
      "a direct connection",
      async () => (await other.paths(one)).includes("direct"),
      true,
    );
  }, 60_000);
  afterAll(() => Promise.all([one.page.context().close(), other.page.context().close()]));

  test("many bytes come back unchanged, to the end", async () => {
    for (const [from, to] of ways()) {
      const [{ length, sent, came } = { length: 0, sent: "", came: "none" }] = await from.exchanges(
        to,
        1,
        MANY,
      );
      expect(length).toBe(MANY);
      expect(came).toBe(sent);
      await becomes("how it ended", async () => (await to.served()).join(), "done");
    }
  });

  test("ten streams work at once", async () => {
    for (const [from, to] of ways()) {
      const before = (await to.served()).length;
      const all = await from.exchanges(to, 10, 100_000);
      expect(all.map(({ came }) => came)).toEqual(all.map(({ sent }) => sent));
      await becomes(
        "streams that were served",
        async () => (await to.served()).length,
        before + 10,
      );
      expect(new Set(await to.served())).toEqual(new Set(["done"]));
    }
  });

  test("an abandoned stream is reset on the other side", async () => {
    for (const [from, to] of ways()) {
      const before = (await to.served()).length;
      await from.giveUp(to);
      await becomes("streams that were served", async () => (await to.served()).length, before + 1);
      expect((await to.served()).at(-1)).toMatch(/reset/i);
    }
  });

  // The heartbeat asks the same of both, and takes its time.
  if (dialler === "js") {
    test("the connection stands while js-libp2p checks it", async () => {
      await until("two pings are answered", async () => (await one.beats(other)) >= 2, 60_000);
      for (const [from, to] of ways()) {
        expect(await from.paths(to)).toContain("direct");
      }
    });
  }

  // Our own ping keeps a channel, which js-libp2p takes away after ten seconds.
  test("no channel is left open", async () => {
    await Promise.all([one.leavesNoChannels(), other.leavesNoChannels()]);
  });
});
