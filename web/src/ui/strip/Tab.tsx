/** One tab: its name, or the field for it, and what stands beside it. */
import { useState, type DragEvent, type KeyboardEvent } from "react";
import { TabName } from "./TabName";
import type { TabStripProps } from "./TabStrip";

export interface TabEntry {
  readonly id: string;
  readonly name: string;
}

type Shared = Pick<
  TabStripProps,
  "one" | "writable" | "nameLength" | "title" | "selected" | "before" | "after"
>;

interface TabProps extends Shared {
  entry: TabEntry;
  open: boolean;
  renaming: boolean;
  dragged: string | undefined;
  onEnter: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onRenaming: () => void;
  /** Without a name it stays as it was; `left` when the focus is elsewhere already. */
  onRenamed: (name: string | undefined, left: boolean) => void;
  onDragged: (id: string | undefined) => void;
  onDropped: (id: string, after: boolean) => void;
}

export function Tab(props: TabProps) {
  const { entry, one, open, renaming, writable, dragged, onDragged } = props;
  const { id, name } = entry;
  const [edge, setEdge] = useState<"before" | "after">();
  const takes = dragged !== undefined && dragged !== id;
  const over = (event: DragEvent) => {
    if (!takes) return;
    event.preventDefault();
    setEdge(isAfter(event) ? "after" : "before");
  };
  const drop = (event: DragEvent) => {
    if (!takes) return;
    event.preventDefault();
    setEdge(undefined);
    props.onDropped(dragged, isAfter(event));
  };
  return (
    <li
      className={`strip-tab ${open ? "is-open" : ""}`}
      data-edge={edge}
      draggable={writable && !renaming}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", name);
        onDragged(id);
      }}
      onDragEnd={() => onDragged(undefined)}
      onDragOver={over}
      onDragLeave={() => setEdge(undefined)}
      onDrop={drop}
    >
      {renaming ? (
        <TabName
          label={`Name of the ${one}`}
          name={name}
          most={props.nameLength}
          selected={props.selected?.(name) ?? name.length}
          onDone={props.onRenamed}
        />
      ) : (
        <button
          type="button"
          data-tab={id}
          aria-current={open ? "true" : undefined}
          tabIndex={open ? 0 : -1}
          title={props.title(entry)}
          onClick={props.onEnter}
          onDoubleClick={() => writable && props.onRenaming()}
          onKeyDown={props.onKeyDown}
          className="strip-name"
        >
          {props.before?.(entry)}
          <span dir="auto" className="max-w-48 truncate">
            {name}
          </span>
        </button>
      )}
      {props.after?.(entry)}
    </li>
  );
}

function isAfter({ currentTarget, clientX }: DragEvent): boolean {
  const { left, width } = currentTarget.getBoundingClientRect();
  return clientX > left + width / 2;
}
