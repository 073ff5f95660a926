/** From the start of both pages until both see what the other has. */
import { afterAll, beforeAll, test } from "vitest";
import { processorTime } from "../harness/processes";
import { keep, type Sample } from "../harness/results";
import { settings, times } from "../harness/settings";
import { Teams, type TeamName } from "../harness/teams";

let teams: Teams;
beforeAll(async () => {
  teams = await Teams.open();
});
afterAll(() => teams.close());

test("connect", async () => {
  const samples: Record<string, Required<Sample>> = {};
  const names: TeamName[] = ["floor", "y-webrtc", "covey"];
  const introductions: number[] = [];
  const node = () => processorTime(teams.node.pid ?? 0);
  for (let round = 0; round <= times(settings.repeat, 1); round += 1) {
    for (const name of names) {
      const sample = (samples[name] ??= { values: [], cpu: [], failures: 0 });
      const pair = await teams.team(name).pair();
      const [before, nodeBefore] = [await teams.arena.cpu(), await node()];
      const took = await pair.meet(15_000).catch(() => undefined);
      const cpu = (await teams.arena.cpu()) - before;
      const introduction = (await node()) - nodeBefore;
      await pair.close();
      // The first round only warms the caches of the machine.
      if (round === 0) continue;
      if (took === undefined) sample.failures += 1;
      else {
        sample.values.push(took);
        sample.cpu.push(cpu);
        if (name === "covey") introductions.push(introduction);
      }
    }
  }
  await keep("connect", samples, "CPU: of the whole browser");
  await keep("node-introduction", { covey: { values: introductions } });
});
