/** How good the connection to somebody is, as a mark; behind it their volume and the numbers. */
import { SignalHigh, SignalLow, SignalMedium, SignalZero, type LucideIcon } from "lucide-react";
import { Popover } from "radix-ui";
import { useStore } from "zustand";
import type { Attendee, Line } from "../../../engine";
import { apart } from "../../../shared/names";
import { useRoomCall } from "../context";
import { lineShort } from "../words";
import { QualityNumbers } from "./QualityNumbers";

const icons: Record<Line, LucideIcon> = {
  connecting: SignalMedium,
  good: SignalHigh,
  poor: SignalMedium,
  "sound-only": SignalLow,
  reconnecting: SignalZero,
  lost: SignalZero,
};

interface ConnectionPopoverProps {
  attendee: Attendee;
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ConnectionPopover({ attendee, name, open, onOpenChange }: ConnectionPopoverProps) {
  const { line = "connecting", client, member } = attendee;
  const Icon = icons[line];
  const label = `Connection to ${apart(name)}: ${lineShort[line]}`;
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger type="button" aria-label={label} title={label} className="call-tile-button">
        <Icon aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={`Volume and connection of ${apart(name)}`}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="call-popover w-72 p-3"
        >
          <Volume member={member} name={name} />
          <QualityNumbers client={client} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Volume({ member, name }: { member: string; name: string }) {
  const { sound } = useRoomCall();
  const volume = useStore(sound.state, ({ volumes }) => volumes.get(member) ?? 1);
  const percent = `${Math.round(volume * 100)} %`;
  return (
    <label className="mb-3 block border-b border-line pb-3">
      <span className="flex justify-between text-[0.8rem]">
        <span className="text-soft">Volume</span>
        <span className="tabular-nums">{percent}</span>
      </span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={volume}
        aria-label={`Volume of ${apart(name)}`}
        aria-valuetext={percent}
        onChange={({ target }) => sound.setVolume(member, target.valueAsNumber)}
        className="mt-1.5 block w-full accent-(--accent)"
      />
    </label>
  );
}
