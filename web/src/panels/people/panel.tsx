/** The panel *People*: the members of the room. */
import { Users } from "lucide-react";
import type { PanelSpec } from "../spec";
import { PeoplePanel } from "./PeoplePanel";

export const people: PanelSpec = {
  id: "people",
  label: "People",
  icon: Users,
  digit: 4,
  first: { at: "people" },
  begins: "with the room",
  badge: ({ state }) => ({ count: () => state.getState().people.length, watch: state.subscribe }),
  subject: "The list of people",
  load: () => Promise.resolve({ default: PeoplePanel }),
};
