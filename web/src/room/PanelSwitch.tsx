/** On small screens: which panel is on show. */
import { Segments } from "../ui/Segments";
import { useRoomState } from "../state/room";

export type Panel = "code" | "people";

export function PanelSwitch({ panel, onChange }: { panel: Panel; onChange: (panel: Panel) => void }) {
  const people = useRoomState((state) => state.people.length);
  return (
    <nav aria-label="Panels" className="px-4 pb-3">
      <Segments
        label="Panel"
        value={panel}
        onChange={onChange}
        options={[
          { value: "code", label: "Code" },
          { value: "people", label: `People · ${people}` },
        ]}
      />
    </nav>
  );
}
