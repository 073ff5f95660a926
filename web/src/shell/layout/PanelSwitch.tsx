/** On small screens: which panel is on show. */
import { Segments } from "../../ui/Segments";
import { panels } from "../registry";
import { ShortPanelLabel } from "./PanelLabel";
import { reveal, useSolo } from "./store";

export function PanelSwitch() {
  const solo = useSolo();
  return (
    <nav aria-label="Panels" className="px-4 pb-3">
      <Segments
        label="Panel"
        value={solo}
        onChange={reveal}
        options={panels.map(({ id }) => ({ value: id, label: <ShortPanelLabel panel={id} /> }))}
      />
    </nav>
  );
}
