/** A menu that moves a panel without dragging. */
import {
  ArrowLeft,
  ArrowRight,
  Columns2,
  Ellipsis,
  EyeOff,
  Keyboard,
  PanelsTopLeft,
  Rows2,
  RotateCcw,
} from "lucide-react";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { IconButton } from "../../ui/Button";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { focusMenu, focusSwitch } from "./focus";
import { arranged, hide, join, place, shift, type Layout, type PanelId } from "./model";
import { specOf } from "../registry";
import { showShortcuts } from "./shortcuts";
import { arrange, reset, useLayout } from "./store";

export default function PanelMenu({ panel }: { panel: PanelId }) {
  const layout = useLayout();
  const after = useRef<() => void>(undefined);
  const { label } = specOf(panel);

  /** The button is another one at the new place, so the focus is taken there. */
  const perform = (act: () => void, then: (panel: PanelId) => void) => {
    flushSync(act);
    after.current = () => then(panel);
  };
  const move = (change: (layout: Layout) => Layout) => perform(() => arrange(change), focusMenu);
  const closed = (event: Event) => {
    if (!after.current) return;
    event.preventDefault();
    after.current();
    after.current = undefined;
  };
  const groups = arranged(layout).flatMap((column) => column.groups);
  const own = groups.find(({ panels }) => panels.includes(panel));
  const others = groups.filter((group) => group !== own);
  const changes = (change: (layout: Layout) => Layout) => change(layout) !== layout;

  return (
    <Menu
      onClosed={closed}
      items={
        <>
          {own !== undefined && own.panels.length > 1 && (
            <MenuItem icon={<Columns2 />} onSelect={() => move((now) => place(now, panel, panel, "right"))}>
              Move beside
            </MenuItem>
          )}
          {changes((now) => shift(now, panel, "left")) && (
            <MenuItem icon={<ArrowLeft />} onSelect={() => move((now) => shift(now, panel, "left"))}>
              Move left
            </MenuItem>
          )}
          {changes((now) => shift(now, panel, "right")) && (
            <MenuItem icon={<ArrowRight />} onSelect={() => move((now) => shift(now, panel, "right"))}>
              Move right
            </MenuItem>
          )}
          {others.map(({ front }) => (
            <MenuItem
              key={`join ${front}`}
              icon={<PanelsTopLeft />}
              onSelect={() => move((now) => join(now, panel, front))}
            >
              Join tabs of {specOf(front).label}
            </MenuItem>
          ))}
          {others.map(({ front }) => (
            <MenuItem
              key={`under ${front}`}
              icon={<Rows2 />}
              onSelect={() => move((now) => place(now, panel, front, "below"))}
            >
              Place below {specOf(front).label}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem
            icon={<EyeOff />}
            disabled={!changes((now) => hide(now, panel))}
            onSelect={() => perform(() => arrange((now) => hide(now, panel)), focusSwitch)}
          >
            Hide {label}
          </MenuItem>
          <MenuItem icon={<RotateCcw />} onSelect={() => perform(reset, focusSwitch)}>
            Reset the layout
          </MenuItem>
          <MenuItem icon={<Keyboard />} keys="?" onSelect={showShortcuts}>
            Keyboard shortcuts
          </MenuItem>
        </>
      }
    >
      <IconButton label={`Arrange ${label}`} data-menu={panel} className="size-7! rounded-md">
        <Ellipsis />
      </IconButton>
    </Menu>
  );
}
