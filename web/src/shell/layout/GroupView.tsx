/** One place on the screen: a bar with the panel's name, or with the tabs of several, and the panel in front. */
import { RotateCw } from "lucide-react";
import { Tabs } from "radix-ui";
import { IconButton } from "../../ui/Button";
import { part } from "../../ui/Part";
import { specOf } from "../registry";
import { DropZones } from "./DropZones";
import { show, type Group, type PanelId } from "./model";
import { PanelLabel } from "./PanelLabel";
import { Slot } from "./Slot";
import { arrange, drag } from "./store";

export const loadMenu = () => import("./PanelMenu");
const PanelMenu = part(loadMenu, {
  name: "The menu",
  frame: (_, __, again) => (
    <IconButton label="The panel’s menu could not be loaded: load again" onClick={again}>
      <RotateCw />
    </IconButton>
  ),
});

export function GroupView({ group }: { group: Group }) {
  const { panels, front } = group;
  const [only, ...others] = panels;
  if (only === undefined) return null;
  const body = (
    <div className="relative min-h-0 min-w-0 flex-1">
      <Slot key={front} panel={front} />
      <DropZones group={group} />
    </div>
  );
  if (others.length === 0) {
    return (
      <div data-group className="panel-group">
        <div className="panel-bar">
          <h2 className="panel-name" draggable {...dragging(only)}>
            <PanelLabel panel={only} />
          </h2>
          <PanelMenu panel={only} />
        </div>
        {body}
      </div>
    );
  }
  return (
    <Tabs.Root
      data-group
      className="panel-group"
      value={front}
      onValueChange={(panel) => arrange((layout) => show(layout, panel))}
    >
      <div className="panel-bar">
        <Tabs.List aria-label="Panels at this place" className="flex h-full min-w-0 flex-1 gap-1">
          {panels.map((panel) => (
            <Tabs.Trigger
              key={panel}
              value={panel}
              className="panel-name panel-tab"
              draggable
              {...dragging(panel)}
            >
              <PanelLabel panel={panel} />
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <PanelMenu panel={front} />
      </div>
      <Tabs.Content value={front} tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 outline-none">
        {body}
      </Tabs.Content>
    </Tabs.Root>
  );
}

function dragging(panel: PanelId) {
  return {
    onDragStart: (event: React.DragEvent) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", specOf(panel).label);
      drag(panel);
    },
    onDragEnd: () => drag(undefined),
  };
}
