/** In the header: which panels are shown, as a row of buttons that stay down. */
import { isMac } from "../../shared/keyboard";
import type { PanelSpec } from "../../panels/spec";
import { panels } from "../registry";
import { shortened, useBadge } from "./PanelLabel";
import { hide } from "./model";
import { arrange, reveal, useFronts } from "./store";

export function PanelToggles() {
  const fronts = useFronts();
  return (
    <div role="group" aria-label="Panels" className="flex gap-0.5 rounded-[0.6rem] bg-track p-1">
      {panels.map((panel) => (
        <Toggle key={panel.id} panel={panel} pressed={fronts.includes(panel.id)} />
      ))}
    </div>
  );
}

function Toggle({ panel, pressed }: { panel: PanelSpec; pressed: boolean }) {
  const { id, icon: Icon, label, digit } = panel;
  const { count, countLabel } = useBadge(id);
  const toggle = () => {
    if (pressed) arrange((layout) => hide(layout, id));
    else reveal(id);
  };
  return (
    <button
      type="button"
      data-switch={id}
      aria-pressed={pressed}
      title={`${pressed ? "Hide" : "Show"} ${label} (${isMac ? "⌃" : "Alt+"}${digit})`}
      onClick={toggle}
      className="relative flex h-7 items-center gap-1.5 rounded-md px-2 text-[0.8rem] font-medium text-soft transition-colors hover:text-ink aria-pressed:bg-chosen aria-pressed:text-ink aria-pressed:shadow-[0_1px_2px_var(--shadow)]"
    >
      <Icon aria-hidden className="size-4" />
      <span className="max-[1120px]:sr-only">{label}</span>
      {countLabel !== undefined && count > 0 && (
        <span className="rounded-full bg-fill px-1.5 text-[0.7rem] leading-4 font-semibold text-white tabular-nums">
          {shortened(count)}
          <span className="sr-only"> {countLabel}</span>
        </span>
      )}
    </button>
  );
}
