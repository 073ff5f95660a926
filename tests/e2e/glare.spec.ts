/** Two pages dial each other at the same instant, again and again: they meet, and nothing is left behind. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import { Laboratory } from "./harness/echo";

const TIMES = 100;
/** How much later than the first the second dials, in milliseconds, in turn. */
const SKEWS = [0, 0, 1, 0, 5, 0, 20, 0, 60, 0];
/** From now to the moment of dialling: both pages have been told by then. */
const NOTICE = 60;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
}, 60_000);
afterAll(() => laboratory.close());

test("two transports that dial each other have a connection that works, and mostly no second", async () => {
  const one = await laboratory.peer("covey");
  const other = await laboratory.peer("covey");
  let single = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const moment = Date.now() + NOTICE;
    const skew = SKEWS[time % SKEWS.length] ?? 0;
    const failures = await Promise.all([
      one.dialAt(moment, other),
      other.dialAt(moment + skew, one),
    ]);
    const what = `time ${time}, ${skew} ms (${failures.join("; ")})`;
    const count = await until(`${what}: both have the same direct connections`, async () => {
      const [here, there] = await Promise.all([one.direct(other), other.direct(one)]);
      return here === there && here > 0 && here;
    });
    single += Number(count === 1);
    const [{ sent, came } = { sent: "", came: "none" }] = await one.exchanges(other, 1, 100);
    expect(came).toBe(sent);

    await Promise.all([one.hangup(other), other.hangup(one)]);
    await until(`${what}: nobody is connected`, async () => {
      const [here, there] = await Promise.all([one.paths(other), other.paths(one)]);
      return here.length + there.length === 0;
    });
    await Promise.all([one.leavesNoPeers(), other.leavesNoPeers()]);
  }
  await Promise.all([one.leavesNoChannels(), other.leavesNoChannels()]);
  // Where a page was late the other had dialled already, and its own is a second dial.
  expect(single).toBeGreaterThan(TIMES / 2);
}, 400_000);

test("two meshes that dial each other soon have one connection that works", async () => {
  const one = await laboratory.mesh();
  const other = await laboratory.mesh();
  const took: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const moment = Date.now() + NOTICE;
    const skew = SKEWS[time % SKEWS.length] ?? 0;
    await Promise.all([one.dialAt(moment, other), other.dialAt(moment + skew, one)]);
    const paths = async () =>
      (await Promise.all([one.reach(other), other.reach(one)])).map(({ path }) => path).join();
    await becomes(`time ${time}, ${skew} ms: how both reach each other`, paths, "direct,direct");
    took.push(Date.now() - moment);
    // Seldom, for what is superfluous stays for seconds.
    if (time % 20 === 0) {
      const counts = async () =>
        (await Promise.all([one.reach(other), other.reach(one)]))
          .map(({ connections }) => connections)
          .join();
      await becomes(`time ${time}: connections of both`, counts, "1,1");
    }
    const before = await other.frames();
    await one.send(other);
    await becomes(`time ${time}: messages that came`, () => other.frames(), before + 1);

    await Promise.all([one.hangup(other), other.hangup(one)]);
    await until(`time ${time}: nobody is connected`, async () => {
      const [here, there] = await Promise.all([one.reach(other), other.reach(one)]);
      return here.connections + there.connections === 0;
    });
    await Promise.all([one.leavesNoPeers(), other.leavesNoPeers()]);
  }
  // Neither leaves it to the other, which would take seconds.
  took.sort((a, b) => a - b);
  expect(took[Math.floor(TIMES * 0.9)]).toBeLessThan(2_500);
}, 400_000);
