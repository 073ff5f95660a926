/** A reaction for everybody to see: one of six emoji. */
import { SmilePlus } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useRoomCall } from "../context";
import { EMOJI, EMOJI_NAMES } from "../reactions";

export function ReactButton() {
  const call = useRoomCall();
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        type="button"
        aria-label="React"
        title="React"
        data-look="plain"
        className="call-control"
      >
        <SmilePlus aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Reactions"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          className="call-popover flex gap-0.5"
        >
          {EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={EMOJI_NAMES[emoji]}
              title={EMOJI_NAMES[emoji]}
              className="grid size-9 place-items-center rounded-lg text-[1.2rem] hover:bg-hover"
              onClick={() => {
                call.react(emoji);
                setOpen(false);
              }}
            >
              {emoji}
            </button>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
