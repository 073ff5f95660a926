/**
 * Where the panels are: columns of groups, each group one panel or several as tabs. Pure; every change is a new value.
 */

/** The `id` of a panel's spec. */
export type PanelId = string;

/** Panels at one place, of which one is in front. Hidden ones keep their place here. */
export interface Group {
  panels: readonly PanelId[];
  front: PanelId;
  /** Its share of the column's height, beside the shares of the others. */
  size: number;
}

export interface Column {
  groups: readonly Group[];
  /** Its share of the width, beside the shares of the others. */
  size: number;
}

/** Every panel stands in exactly one group. */
export interface Layout {
  columns: readonly Column[];
  hidden: readonly PanelId[];
}

export type Side = "left" | "right" | "above" | "below";

const one = (size: number, panel: PanelId): Group => ({ panels: [panel], front: panel, size });

/** The columns and groups that have something to show, with a front that is not hidden. */
export function arranged({ columns, hidden }: Layout): Column[] {
  const groupsOf = ({ groups }: Column) =>
    groups.flatMap((group) => {
      const panels = group.panels.filter((panel) => !hidden.includes(panel));
      const [first] = panels;
      if (first === undefined) return [];
      return [{ ...group, panels, front: panels.includes(group.front) ? group.front : first }];
    });
  return columns
    .map((column) => ({ ...column, groups: groupsOf(column) }))
    .filter(({ groups }) => groups.length > 0);
}

/** The panels one sees, from left to right and from top to bottom. */
export function fronts(layout: Layout): PanelId[] {
  return arranged(layout).flatMap(({ groups }) => groups.map(({ front }) => front));
}

/** Shows a panel where it stands, in front of those it shares its place with. */
export function show(layout: Layout, panel: PanelId): Layout {
  const toFront = (group: Group) => (group.panels.includes(panel) ? { ...group, front: panel } : group);
  return {
    columns: layout.columns.map((column) => ({ ...column, groups: column.groups.map(toFront) })),
    hidden: layout.hidden.filter((other) => other !== panel),
  };
}

/** Hides a panel; the last one stays. */
export function hide(layout: Layout, panel: PanelId): Layout {
  const hidden = [...layout.hidden.filter((other) => other !== panel), panel];
  return hidden.length < placed(layout).length ? { ...layout, hidden } : layout;
}

/** Puts a panel into the tabs of another, in front. */
export function join(layout: Layout, panel: PanelId, target: PanelId): Layout {
  if (panel === target) return layout;
  const joined = without(layout, panel).columns.map((column) => ({
    ...column,
    groups: column.groups.map((group) =>
      group.panels.includes(target) ? { ...group, panels: [...group.panels, panel], front: panel } : group,
    ),
  }));
  return show({ ...layout, columns: joined }, panel);
}

/** Gives a panel a place of its own at one side of another's, which may be the tabs it stands in itself. */
export function place(layout: Layout, panel: PanelId, target: PanelId, side: Side): Layout {
  const own = panel === target ? groupOf(layout, panel)?.panels.find((other) => other !== panel) : target;
  if (own === undefined) return layout;
  const { columns } = without(layout, panel);
  const placed = columns.flatMap((column) => {
    if (!column.groups.some(({ panels }) => panels.includes(own))) return [column];
    return side === "left" || side === "right"
      ? besides(column, panel, side)
      : [{ ...column, groups: column.groups.flatMap((group) => stacked(group, panel, own, side)) }];
  });
  return show({ ...layout, columns: placed }, panel);
}

/** Moves a panel one column on: out of a shared one into one of its own, or past its neighbour. */
export function shift(layout: Layout, panel: PanelId, side: "left" | "right"): Layout {
  const columns = arranged(layout);
  const at = columns.findIndex(({ groups }) => groups.some(({ panels }) => panels.includes(panel)));
  const others = columns[at]?.groups.flatMap(({ panels }) => panels.filter((other) => other !== panel)) ?? [];
  const neighbour = columns[at + (side === "left" ? -1 : 1)]?.groups[0]?.front;
  const target = others[0] ?? neighbour;
  return target === undefined ? layout : place(layout, panel, target, side);
}

/** Takes over the shares of the columns that are shown. */
export function resizeColumns(layout: Layout, sizes: readonly number[]): Layout {
  let at = 0;
  const columns = layout.columns.map((column) => {
    if (!column.groups.some((group) => isShown(layout, group))) return column;
    return { ...column, size: sizes[at++] ?? column.size };
  });
  return { ...layout, columns };
}

/** Takes over the shares of the groups that are shown in the column with this panel. */
export function resizeGroups(layout: Layout, panel: PanelId, sizes: readonly number[]): Layout {
  let at = 0;
  const resized = (group: Group) =>
    isShown(layout, group) ? { ...group, size: sizes[at++] ?? group.size } : group;
  const columns = layout.columns.map((column) =>
    column.groups.some(({ panels }) => panels.includes(panel))
      ? { ...column, groups: column.groups.map(resized) }
      : column,
  );
  return { ...layout, columns };
}

/** Every panel that has a place. */
export function placed({ columns }: Layout): PanelId[] {
  return columns.flatMap(({ groups }) => groups.flatMap(({ panels }) => panels));
}

export function groupOf({ columns }: Layout, panel: PanelId): Group | undefined {
  return columns.flatMap(({ groups }) => groups).find(({ panels }) => panels.includes(panel));
}

function isShown({ hidden }: Layout, group: Group): boolean {
  return group.panels.some((panel) => !hidden.includes(panel));
}

/** The layout with this panel at no place. */
function without(layout: Layout, panel: PanelId): Layout {
  const columns = layout.columns.flatMap((column) => {
    const groups = column.groups.flatMap((group) => {
      const panels = group.panels.filter((other) => other !== panel);
      const [first] = panels;
      if (first === undefined) return [];
      return [{ ...group, panels, front: group.front === panel ? first : group.front }];
    });
    return groups.length === 0 ? [] : [{ ...column, groups }];
  });
  return { ...layout, columns };
}

/** A column and, at one side of it, a new one that takes half of its width. */
function besides(column: Column, panel: PanelId, side: "left" | "right"): Column[] {
  const half = column.size / 2;
  const fresh = { size: half, groups: [one(100, panel)] };
  const rest = { ...column, size: half };
  return side === "left" ? [fresh, rest] : [rest, fresh];
}

function stacked(group: Group, panel: PanelId, target: PanelId, side: "above" | "below"): Group[] {
  if (!group.panels.includes(target)) return [group];
  const half = group.size / 2;
  const fresh = one(half, panel);
  const rest = { ...group, size: half };
  return side === "above" ? [fresh, rest] : [rest, fresh];
}
