/** Over a group while a panel is dragged: its middle takes the panel into the tabs, its edges put it beside. */
import { useState, type DragEvent } from "react";
import { join, place, type Group, type Side } from "./model";
import { arrange, drag, useDragged } from "./store";

type Zone = Side | "middle";

/** How far an edge reaches in, as a share of the group's size. */
const EDGE = 0.28;

const marks: Record<Zone, string> = {
  left: "inset-y-0 left-0 w-1/2",
  right: "inset-y-0 right-0 w-1/2",
  above: "inset-x-0 top-0 h-1/2",
  below: "inset-x-0 bottom-0 h-1/2",
  middle: "inset-0",
};

export function DropZones({ group }: { group: Group }) {
  const dragged = useDragged();
  const [zone, setZone] = useState<Zone>();
  const { panels, front } = group;
  if (dragged === undefined || (panels.length === 1 && front === dragged)) return null;

  const over = (event: DragEvent) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    setZone(zoneAt(event));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const side = zoneAt(event);
    drag(undefined);
    arrange((layout) =>
      side === "middle" ? join(layout, dragged, front) : place(layout, dragged, front, side),
    );
  };
  return (
    <div
      className="absolute inset-0 z-20"
      onDragOver={over}
      onDragLeave={() => setZone(undefined)}
      onDrop={drop}
    >
      {zone !== undefined && (
        <div
          className={`pointer-events-none absolute ${marks[zone]} rounded-lg border-2 border-accent bg-accent/12 transition-all`}
        />
      )}
    </div>
  );
}

function zoneAt({ currentTarget, clientX, clientY }: DragEvent): Zone {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  const [x, y] = [(clientX - left) / width, (clientY - top) / height];
  const edges: [number, Side][] = [
    [x, "left"],
    [1 - x, "right"],
    [y, "above"],
    [1 - y, "below"],
  ];
  const nearest = edges.reduce((best, edge) => (edge[0] < best[0] ? edge : best));
  return nearest[0] < EDGE ? nearest[1] : "middle";
}
