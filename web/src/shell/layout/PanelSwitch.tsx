/** On small screens: which panel is on show. */
import { Segments } from "../../ui/Segments";
import { PANELS, type PanelId } from "./model";
import { faces, type Counts } from "./panels";
import { reveal, useSolo } from "./store";

export function PanelSwitch({ counts }: { counts: Counts }) {
  const solo = useSolo();
  const named = (panel: PanelId) => {
    const count = counts[panel];
    return count === undefined || count === 0 ? faces[panel].label : `${faces[panel].label} · ${count}`;
  };
  return (
    <nav aria-label="Panels" className="px-4 pb-3">
      <Segments
        label="Panel"
        value={solo}
        onChange={reveal}
        options={PANELS.map((panel) => ({ value: panel, label: named(panel) }))}
      />
    </nav>
  );
}
