/** A reaction for everybody to see: one of six emoji. */
import { SmilePlus } from "lucide-react";
import { useRoomCall } from "../context";
import { EMOJI, EMOJI_NAMES } from "../reactions";
import { ControlPopover } from "./ControlPopover";

export function ReactButton() {
  const call = useRoomCall();
  return (
    <ControlPopover label="React" title="Reactions" icon={SmilePlus} className="flex gap-0.5">
      {(close) =>
        EMOJI.map((emoji) => (
          <button
            key={emoji}
            type="button"
            aria-label={EMOJI_NAMES[emoji]}
            title={EMOJI_NAMES[emoji]}
            className="grid size-9 place-items-center rounded-lg text-[1.2rem] hover:bg-hover"
            onClick={() => {
              call.react(emoji);
              close();
            }}
          >
            {emoji}
          </button>
        ))
      }
    </ControlPopover>
  );
}
