/**
 * Where panels stand at first, by what their specs say: on wide screens, on smaller ones, and in what was stored
 * before.
 */
import type { FirstPlace } from "../../panels/spec";
import { groupOf, placed, type Group, type Layout, type PanelId } from "./model";

export interface Placed {
  readonly id: PanelId;
  readonly first: FirstPlace;
}

type At = FirstPlace["at"];

/** Columns and groups by what stands in them; the numbers are shares of the width and of the height. */
type Plan = readonly { width: number; groups: readonly { at: At; height: number }[] }[];

/** The people in a narrow column of their own. */
const WIDE: Plan = [
  { width: 53, groups: [{ at: "work", height: 100 }] },
  { width: 28, groups: [{ at: "talk", height: 100 }] },
  { width: 19, groups: [{ at: "people", height: 100 }] },
];

/** The people above the chat. */
const MIDDLING: Plan = [
  { width: 64, groups: [{ at: "work", height: 100 }] },
  {
    width: 36,
    groups: [
      { at: "people", height: 34 },
      { at: "talk", height: 66 },
    ],
  },
];

/** For wide screens. */
export const wide = (panels: readonly Placed[]): Layout => laidOut(WIDE, panels);
/** For smaller ones. */
export const middling = (panels: readonly Placed[]): Layout => laidOut(MIDDLING, panels);

function laidOut(plan: Plan, panels: readonly Placed[]): Layout {
  const group = ({ at, height }: Plan[number]["groups"][number]): Group[] => {
    const here = panels.filter(({ first }) => first.at === at).map(({ id }) => id);
    const [front] = here;
    return front === undefined ? [] : [{ panels: here, front, size: height }];
  };
  return {
    columns: plan
      .map(({ width, groups }) => ({ groups: groups.flatMap(group), size: width }))
      .filter(({ groups }) => groups.length > 0),
    hidden: panels.filter(({ first }) => first.closed).map(({ id }) => id),
  };
}

/**
 * An arrangement that knows some panels, with the others in it: each is closed, so that nothing moves, and opens among
 * the tabs of a panel with the same first place.
 */
export function completed(layout: Layout, panels: readonly Placed[]): Layout {
  const known = new Set(placed(layout));
  return panels
    .filter(({ id }) => !known.has(id))
    .reduce((before, panel) => closedBeside(before, panel, panels), layout);
}

function closedBeside(layout: Layout, { id, first }: Placed, panels: readonly Placed[]): Layout {
  const likes = panels.filter((other) => other.id !== id && other.first.at === first.at);
  const target =
    likes.map((other) => groupOf(layout, other.id)).find((found) => found !== undefined) ??
    layout.columns[0]?.groups[0];
  const joined = (each: Group): Group => (each === target ? { ...each, panels: [...each.panels, id] } : each);
  return {
    columns: layout.columns.map((column) => ({ ...column, groups: column.groups.map(joined) })),
    hidden: [...layout.hidden, id],
  };
}
