/** The panel *Call*: the people in the call, seen and heard. */
import { Phone } from "lucide-react";
import { TextLines } from "../../ui/TextLines";
import type { PanelSpec } from "../spec";

export const call: PanelSpec = {
  id: "call",
  label: "Call",
  icon: Phone,
  digit: 5,
  // Beside the work, so that one talks about what one sees.
  first: { at: "people", closed: true },
  begins: "when counted",
  badge: ({ room }) => ({
    count: () => room.callSize,
    watch: (listener) => room.on("call", listener),
    countLabel: "in the call",
  }),
  keys: [
    ["Talk while you are muted", ["Space (hold)"]],
    ["Mute, unmute", ["M"]],
    ["Camera on, off", ["V"]],
    ["Raise, lower your hand", ["H"]],
  ],
  skeleton: (
    <div className="p-5">
      <TextLines />
    </div>
  ),
  subject: "The call",
  load: () => import("./CallPanel"),
};
