import { expect, test } from "vitest";
import { Desk, exchange } from "./desk";

/** A walk that can be repeated by its seed. */
function walk(seed: number): void {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const desks = [new Desk(1), new Desk(2), new Desk(3)] as const;
  for (let step = 0; step < 120; step += 1) {
    const desk = desks[random(3)] ?? desks[0];
    const living = desk.paper.all.filter(({ isDeleted }) => !isDeleted);
    const one = living[random(living.length)]?.id;
    const busy = random(4) === 0;
    const deed = random(7);
    if (deed < 2 || one === undefined)
      desk.act((paper) => paper.draw(`e${seed}-${step}`, { index: `a${random(4)}` }), busy);
    else if (deed === 2) desk.act((paper) => paper.edit(one, { isDeleted: true }), busy);
    else if (deed === 3)
      desk.act((paper) => paper.edit(one, { strokeColor: random(2) ? "#ff0000" : "#00ff00" }), busy);
    else if (deed === 4) desk.act((paper) => paper.edit(one, { x: random(1_000) }), busy);
    else if (deed === 5) exchange(...desks);
    else desk.scene.refresh();
  }
  for (const desk of desks) desk.act(() => undefined);
  // Twice: what was in hand when the others' work came is merged, and that merge is told too.
  for (let round = 0; round < 3; round += 1) exchange(...desks);
  const [first, ...others] = desks.map(({ paper }) => paper.seen());
  for (const other of others) expect(other).toEqual(first);
  for (const { updates } of desks) expect(updates).toEqual([]);
}

test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
  "three people, seed %i: everyone sees the same in the end",
  walk,
);
