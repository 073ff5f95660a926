import { test } from "vitest";
import type { CDPSession, Page } from "playwright-core";
import { writeFileSync } from "node:fs";
import { Teams } from "../harness/teams";

interface Node {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  hitCount?: number;
  children?: number[];
}
interface Profile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
}

export async function profiler(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: 100 });
  return {
    start: () => session.send("Profiler.start"),
    stop: async (name: string) => {
      const { profile } = (await session.send("Profiler.stop")) as unknown as { profile: Profile };
      writeFileSync(`/tmp/prof-${name}.json`, JSON.stringify(profile));
      console.log(summary(name, profile));
    },
  };
}

function short(n: string) {
  return n.replace(/::h[0-9a-f]{16}$/, "").slice(0, 110);
}

export function summary(name: string, profile: Profile): string {
  const self = new Map<number, number>();
  profile.samples.forEach((id, i) =>
    self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[i + 1] ?? 0)),
  );
  const byId = new Map(profile.nodes.map((n) => [n.id, n]));
  const selfBy = new Map<string, number>();
  const totalBy = new Map<string, number>();
  const root = profile.nodes[0]!;
  const walk = (node: Node, stack: Set<string>): number => {
    const fn = short(node.callFrame.functionName || "(anon)");
    const own = self.get(node.id) ?? 0;
    selfBy.set(fn, (selfBy.get(fn) ?? 0) + own);
    const fresh = !stack.has(fn);
    if (fresh) stack.add(fn);
    let total = own;
    for (const c of node.children ?? []) total += walk(byId.get(c)!, stack);
    if (fresh) {
      stack.delete(fn);
      totalBy.set(fn, (totalBy.get(fn) ?? 0) + total);
    }
    return total;
  };
  const all = walk(root, new Set());
  const idle = selfBy.get("(idle)") ?? 0;
  const top = (m: Map<string, number>, n: number) =>
    [...m]
      .sort((a, b) => b[1] - a[1])
      .filter(([k]) => !["(root)", "(idle)"].includes(k))
      .slice(0, n)
      .map(([k, v]) => `  ${(v / 1000).toFixed(1).padStart(8)} ms  ${k}`)
      .join("\n");
  return `== ${name}: ${(all / 1000).toFixed(0)} ms, busy ${((all - idle) / 1000).toFixed(1)}\n self:\n${top(selfBy, 40)}\n total:\n${top(totalBy, 70)}`;
}

test("profile connect", async () => {
  const teams = await Teams.open();
  for (let round = 0; round < 3; round += 1) {
    const pair = await teams.team("covey").pair();
    const a = await profiler(pair.a),
      b = await profiler(pair.b);
    await a.start();
    await b.start();
    console.log("connect", await pair.meet());
    await a.stop(`connect-a${round}`);
    await b.stop(`connect-b${round}`);
    await pair.close();
  }
  await teams.close();
});
test("profile keystroke", async () => {
  const teams = await Teams.open();
  const pair = await teams.met("covey");
  await pair.b.evaluate(() => globalThis.player.echo());
  for (let round = 0; round < 3; round += 1)
    console.log(
      "warm",
      (await pair.a.evaluate(() => globalThis.player.strokes(50, 50))).sort((x, y) => x - y)[25],
    );
  const a = await profiler(pair.a),
    b = await profiler(pair.b);
  await a.start();
  await b.start();
  const took = await pair.a.evaluate(() => globalThis.player.strokes(100, 50));
  await a.stop(`stroke-a`);
  await b.stop(`stroke-b`);
  console.log("strokes", took.sort((x, y) => x - y)[50], took[95]);
  await teams.close();
});

import { shorter, trace, type Trace } from "../harness/trace";
async function written(teams: Teams, paper: Trace, apart: number) {
  const writer = await teams.coveyPage();
  const { id, link } = await writer.evaluate(async () => {
    const room = (await globalThis.covey?.create({ name: "Bench", title: "Bench" }))!;
    await globalThis.player.enter?.(room);
    return { id: room.id, link: await room.invite({ role: "participant" }) };
  });
  const w = await profiler(writer);
  await w.start();
  const t = Date.now();
  await writer.evaluate(([patches, apart]) => globalThis.player.replay(patches, apart), [
    paper.patches,
    apart,
  ] as const);
  console.log("written", paper.patches.length, apart, Date.now() - t);
  await writer.waitForFunction(() => globalThis.coveyRoom?.status.unsaved === 0, undefined, {
    timeout: 0,
  });
  console.log("saved", Date.now() - t);
  await w.stop(`write-${apart}`);
  return { writer, id, link };
}
for (const [apart, count] of [
  [17, 20000],
  [0, 100000],
] as const)
  test(`profile typed ${apart}`, async () => {
    const teams = await Teams.open();
    const paper = shorter(await trace(), count);
    const { writer, id, link } = await written(teams, paper, apart);
    const b = await teams.coveyPage();
    const p = await profiler(b),
      a = await profiler(writer);
    await p.start();
    await a.start();
    const t = Date.now();
    await b.evaluate(
      async ([place, end]) => {
        void globalThis.player.meet({ place, at: 0, own: "", other: "never" });
        await globalThis.player.becomes(end);
      },
      [link, paper.end] as const,
    );
    console.log("joined", apart, count, Date.now() - t);
    await p.stop(`join-${apart}`);
    await a.stop(`joined-${apart}`);
    await b.context().close();
    await writer.evaluate(() => globalThis.coveyRoom?.leave());
    await writer.reload();
    await teams.readyCovey(writer);
    const o = await profiler(writer);
    await o.start();
    const t2 = Date.now();
    await writer.evaluate(
      async ([place, end]) => {
        void globalThis.player.meet({ place, at: 0, own: "", other: "never" });
        await globalThis.player.becomes(end);
      },
      [id, paper.end] as const,
    );
    console.log("opened", apart, count, Date.now() - t2);
    await o.stop(`open-${apart}`);
    await teams.close();
  });
import { spawn } from "node:child_process";
import { once } from "node:events";
test("profile node", async () => {
  const teams = await Teams.open();
  const perf = spawn(
    "perf",
    ["record", "-F", "5000", "-g", "-o", "/tmp/node.perf", "-p", String(teams.node.pid)],
    { stdio: "ignore" },
  );
  for (let round = 0; round < 15; round += 1) {
    const pair = await teams.team("covey").pair();
    await pair.meet();
    await pair.close();
  }
  const gone = once(perf, "exit");
  perf.kill("SIGINT");
  await gone;
  await teams.close();
});
