/** The groups of panels in their columns, with splitters between them. */
import { Fragment } from "react";
import { Group as Split, Panel as Part, Separator } from "react-resizable-panels";
import { GroupView } from "./GroupView";
import { arranged, resizeColumns, resizeGroups, type Column } from "./model";
import { arrange, useLayout } from "./store";

const NARROWEST = "200px";
const LOWEST = "120px";

export function Columns() {
  const columns = arranged(useLayout());
  const ids = columns.map(idOf);
  return (
    <Split
      // Another arrangement is another split, with the sizes that it was left with.
      key={ids.join("|")}
      className="h-full"
      defaultLayout={shares(ids, columns)}
      onLayoutChanged={(sizes, { isUserInteraction }) => {
        if (isUserInteraction) arrange((layout) => resizeColumns(layout, inOrder(ids, sizes)));
      }}
    >
      {columns.map((column, at) => (
        <Fragment key={idOf(column)}>
          {at > 0 && <Splitter label={`Resize columns ${at} and ${at + 1}`} />}
          <Part id={idOf(column)} minSize={NARROWEST}>
            <Groups column={column} />
          </Part>
        </Fragment>
      ))}
    </Split>
  );
}

function Groups({ column }: { column: Column }) {
  const { groups } = column;
  const ids = groups.map(({ panels }) => panels.join("+"));
  const [first] = groups;
  return (
    <Split
      key={ids.join("/")}
      orientation="vertical"
      className="h-full"
      defaultLayout={shares(ids, groups)}
      onLayoutChanged={(sizes, { isUserInteraction }) => {
        if (isUserInteraction && first)
          arrange((layout) => resizeGroups(layout, first.front, inOrder(ids, sizes)));
      }}
    >
      {groups.map((group, at) => (
        <Fragment key={ids[at]}>
          {at > 0 && <Splitter label="Resize the panels above and below" />}
          <Part id={ids[at]} minSize={LOWEST}>
            <GroupView group={group} />
          </Part>
        </Fragment>
      ))}
    </Split>
  );
}

/** A splitter: one pixel is visible, and more can be dragged. */
function Splitter({ label }: { label: string }) {
  return <Separator aria-label={label} className="splitter" />;
}

function idOf({ groups }: Column): string {
  return groups.map(({ panels }) => panels.join("+")).join("/");
}

function shares(ids: readonly string[], parts: readonly { size: number }[]): Record<string, number> {
  const all = parts.reduce((sum, { size }) => sum + size, 0);
  return Object.fromEntries(ids.map((id, at) => [id, (100 * (parts[at]?.size ?? 0)) / all]));
}

function inOrder(ids: readonly string[], sizes: Record<string, number>): number[] {
  return ids.map((id) => sizes[id] ?? 1);
}
