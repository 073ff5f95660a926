import { test } from "vitest";
import { Teams } from "../harness/teams";
test("timeline", async () => {
  const teams = await Teams.open();
  const all: Record<string, number[]> = {};
  for (let round = 0; round < 14; round += 1) {
    const pair = await teams.team("covey").pair();
    for (const page of [pair.a, pair.b])
      await page.evaluate(() => {
        const g = globalThis as any;
        g.log = [];
        const clock = () => performance.timeOrigin + performance.now();
        const note = (w: string) => { if (!g.log.some((l: any) => l[0] === w)) g.log.push([w, clock()]); };
        for (const f of ["join", "reopen"]) {
          const old = g.covey[f].bind(g.covey);
          g.covey[f] = async (...a: any[]) => {
            note("called");
            const room = await old(...a);
            note("room");
            room.on("people", (p: any[]) => { for (const x of p) if (!x.self) note("path " + x.path); });
            room.on("status", (s: any) => { note("node " + s.node); if (s.admitted) note("admitted"); });
            const doc = room.doc.bind(room);
            room.doc = async (n: string) => { const v = await doc(n); v.doc.on("update", () => note("update " + v.doc.getText("file/bench").toString())); return v; };
            return room;
          };
        }
      });
    const took = await pair.meet();
    await new Promise((r) => setTimeout(r, 300));
    const logs = await Promise.all([pair.a, pair.b].map((p) => p.evaluate(() => (globalThis as any).log as [string, number][])));
    const start = Math.min(...logs.flat().map((l) => l[1]));
    if (round > 1) {
      (all["took"] ??= []).push(took);
      logs.forEach((l, i) => l.forEach(([w, t]) => (all[`${"ab"[i]} ${w}`] ??= []).push(t - start)));
    }
    await pair.close();
  }
  for (const [w, v] of Object.entries(all)) { v.sort((x, y) => x - y); console.log("LINE", w.padEnd(40), v[v.length >> 1]!.toFixed(1), v.length, v[0]!.toFixed(0), v.at(-1)!.toFixed(0)); }
  await teams.close();
}, 300000);
