/** In the header: which panels are shown, as a row of buttons that stay down. */
import { isMac } from "../../shared/keyboard";
import { hide, PANELS, type PanelId } from "./model";
import { faces, type Counts } from "./panels";
import { arrange, reveal, useFronts } from "./store";

export function PanelToggles({ counts }: { counts: Counts }) {
  const fronts = useFronts();
  return (
    <div role="group" aria-label="Panels" className="flex gap-0.5 rounded-[0.6rem] bg-track p-1">
      {PANELS.map((panel, at) => (
        <Toggle
          key={panel}
          panel={panel}
          pressed={fronts.includes(panel)}
          keys={`${isMac ? "⌃" : "Alt+"}${at + 1}`}
          unread={panel === "chat" ? (counts.chat ?? 0) : 0}
        />
      ))}
    </div>
  );
}

interface ToggleProps {
  panel: PanelId;
  pressed: boolean;
  keys: string;
  unread: number;
}

function Toggle({ panel, pressed, keys, unread }: ToggleProps) {
  const { icon: Icon, label } = faces[panel];
  const toggle = () => {
    if (pressed) arrange((layout) => hide(layout, panel));
    else reveal(panel);
  };
  return (
    <button
      type="button"
      data-switch={panel}
      aria-pressed={pressed}
      title={`${pressed ? "Hide" : "Show"} ${label} (${keys})`}
      onClick={toggle}
      className="relative flex h-7 items-center gap-1.5 rounded-md px-2 text-[0.8rem] font-medium text-soft transition-colors hover:text-ink aria-pressed:bg-chosen aria-pressed:text-ink aria-pressed:shadow-[0_1px_2px_var(--shadow)]"
    >
      <Icon aria-hidden className="size-4" />
      <span className="max-[1120px]:sr-only">{label}</span>
      {unread > 0 && (
        <span className="rounded-full bg-fill px-1.5 text-[0.7rem] leading-4 font-semibold text-white tabular-nums">
          {unread > 99 ? "99+" : unread}
          <span className="sr-only"> unread</span>
        </span>
      )}
    </button>
  );
}
