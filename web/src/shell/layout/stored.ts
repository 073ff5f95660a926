/** A layout as text for this device's storage, and back: what was stored by whatever version is checked. */
import { PANELS, type Column, type Group, type Layout, type PanelId } from "./model";

export function written(layout: Layout): string {
  return JSON.stringify(layout);
}

/** The layout in a stored text, if it is one in which every panel has exactly one place. */
export function read(text: string): Layout | undefined {
  try {
    const { columns, hidden } = fields(JSON.parse(text));
    const layout = { columns: list(columns).map(column), hidden: list(hidden).map(panel) };
    const placed = layout.columns.flatMap(({ groups }) => groups.flatMap(({ panels }) => panels));
    const whole = placed.length === PANELS.length && new Set(placed).size === PANELS.length;
    return whole && new Set(layout.hidden).size < PANELS.length ? layout : undefined;
  } catch {
    return undefined;
  }
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
  const known = PANELS.find((each) => each === value);
  if (known === undefined) throw new TypeError("not a panel");
  return known;
}

function share(value: unknown): number {
  if (typeof value !== "number" || !(value > 0 && value <= 100)) throw new TypeError("not a share");
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length > PANELS.length) throw new TypeError("not a list");
  return value;
}

function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Record<string, unknown>;
}
