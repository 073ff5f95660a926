/** A layout as text for this device's storage, and back. A stored text may be of any version, so it is checked. */
import { completed, type Placed } from "./first";
import { fronts, placed, show, type Column, type Group, type Layout, type PanelId } from "./model";

/** Panels of all versions and builds in one text. Nobody who arranges panels makes more. */
const MANY = 64;

export function written(layout: Layout): string {
  return JSON.stringify(layout);
}

/**
 * The layout in a stored text, if it is one in which every panel has at most one place. Panels that there are no more
 * are left out of it, and those that it does not know are added to it, closed.
 */
export function read(text: string, panels: readonly Placed[]): Layout | undefined {
  try {
    const { columns, hidden } = fields(JSON.parse(text));
    const stored = { columns: list(columns).map(column), hidden: [...new Set(list(hidden).map(panel))] };
    const all = placed(stored);
    if (new Set(all).size !== all.length) return undefined;
    return visible(completed(reduced(stored, panels), panels));
  } catch {
    return undefined;
  }
}

/** Without the panels that there are no more. */
function reduced({ columns, hidden }: Layout, panels: readonly Placed[]): Layout {
  const exists = (id: PanelId) => panels.some((each) => each.id === id);
  const groupsOf = ({ groups }: Column) =>
    groups.flatMap((group): Group[] => {
      const left = group.panels.filter(exists);
      const [first] = left;
      if (first === undefined) return [];
      return [{ ...group, panels: left, front: exists(group.front) ? group.front : first }];
    });
  return {
    columns: columns
      .map((each) => ({ ...each, groups: groupsOf(each) }))
      .filter(({ groups }) => groups.length > 0),
    hidden: hidden.filter(exists),
  };
}

/** Nothing without any panel; what was on show may have been one that there is no more. */
function visible(layout: Layout): Layout | undefined {
  if (fronts(layout).length > 0) return layout;
  const [first] = placed(layout);
  return first === undefined ? undefined : show(layout, first);
}

function column(value: unknown): Column {
  const { groups, size } = fields(value);
  return { groups: list(groups).map(group), size: share(size) };
}

function group(value: unknown): Group {
  const { panels, front, size } = fields(value);
  const named = list(panels).map(panel);
  if (!named.includes(panel(front))) throw new TypeError("the front is elsewhere");
  return { panels: named, front: panel(front), size: share(size) };
}

function panel(value: unknown): PanelId {
  if (typeof value !== "string") throw new TypeError("not a panel");
  return value;
}

function share(value: unknown): number {
  if (typeof value !== "number" || !(value > 0 && value <= 100)) throw new TypeError("not a share");
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length > MANY) throw new TypeError("not a list");
  return value;
}

function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Record<string, unknown>;
}
