/** The node: its memory, empty and per page that only waits, under load, and how many STUN answers a core gives. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { becomes, until } from "../../e2e/harness/condition";
import { settings as programs } from "../../e2e/harness/settings";
import { memory, processorTime } from "../harness/processes";
import { keep } from "../harness/results";
import { settings, times } from "../harness/settings";
import { freePort } from "../harness/signalling";

const PEERS = times(400, 20);
const CROWD = times(10_000, 200);
const SECONDS = times(20, 3);
const QUESTIONS = times(400_000, 4_000);
const ROUNDS = times(3, 1);

let children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  children = [];
});

test("memory", async () => {
  const [base, peer] = [[] as number[], [] as number[]];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { pid, port } = await node();
    const empty = await settled(pid);
    const crowd = start(settings.crowd, ["idle", `/ip4/127.0.0.1/tcp/${port}/ws`, `${PEERS}`]);
    await until("all have registered", () => crowd.output().includes("ready"), 120_000);
    base.push(empty / 2 ** 20);
    peer.push(((await settled(pid)) - empty) / 1024 / PEERS);
  }
  await keep("node-base", { covey: { values: base } });
  await keep("node-peer", { covey: { values: peer } }, `${PEERS} peers, each in a room of its own`);
});

/** What `load` tells of a while. */
interface Phase {
  page_ms: { p99: number };
  introduction_ms: { p99: number };
}

test("load", async () => {
  const [memory, page, join] = [[] as number[], [] as number[], [] as number[]];
  const site = `${settings.repository}web/dist`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const load = start(settings.load, [programs.node, site, `${CROWD}`, "50000", `${SECONDS}`]);
    await becomes("it is measured", () => Promise.resolve(load.child.exitCode), 0, 400_000);
    const told = JSON.parse(load.output()) as { idle_mib: number; keeps: Phase; anew: Phase };
    memory.push(told.idle_mib);
    // Of both kinds of flood the one that is worse for others.
    page.push(Math.max(told.keeps.page_ms.p99, told.anew.page_ms.p99));
    join.push(Math.max(told.keeps.introduction_ms.p99, told.anew.introduction_ms.p99));
  }
  const flood = "up to 50,000 requests a second of one address, on the same machine";
  await keep("node-crowd", { covey: { values: memory } }, `${CROWD} peers`);
  await keep("node-page", { covey: { values: page } }, flood);
  await keep("node-join", { covey: { values: join } }, flood);
});

test("STUN", async () => {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { pid, port } = await node();
    const before = await processorTime(pid);
    const crowd = start(settings.crowd, ["stun", `127.0.0.1:${port}`, `${QUESTIONS}`]);
    await becomes(
      "the questions are asked",
      () => Promise.resolve(crowd.child.exitCode),
      0,
      120_000,
    );
    const answers = Number(crowd.output());
    expect(answers).toBeGreaterThan(QUESTIONS / 2);
    values.push((answers * 1000) / ((await processorTime(pid)) - before));
  }
  await keep("stun", { covey: { values } }, "answers by the node's own processor time");
});

async function node(): Promise<{ pid: number; port: number }> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const flags = ["--dev", "--listen", address, "--stun", address, "--per-address", "100000"];
  const { child, output } = start(programs.node, [...flags, "--per-second", "100000"]);
  await until("the node listens", () => output().includes("listening on"));
  if (child.pid === undefined) throw new Error("the node has no process");
  return { pid: child.pid, port };
}

function start(program: string, args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

/** The memory once it does not change any more. */
async function settled(pid: number): Promise<number> {
  let last = -1;
  let same = 0;
  return until("the node's memory settles", async () => {
    const now = await memory(pid);
    same = now === last ? same + 1 : 0;
    last = now;
    return same === 20 && now;
  });
}
