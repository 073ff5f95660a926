/** The buttons of a call. */
import {
  Hand,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Settings2,
  Video,
  VideoOff,
  type LucideIcon,
} from "lucide-react";
import { useStore } from "zustand";
import { useRoom } from "../../../session/context";
import { mayUse } from "../../../session/rights";
import { useCall, useRoomCall } from "../context";
import { ReactButton } from "./ReactButton";
import { ControlPopover } from "./ControlPopover";
import { RecordButton } from "./RecordButton";
import { Settings } from "./Settings";

export function Controls() {
  const call = useRoomCall();
  const hand = useCall((state) => state.hand);
  const speaks = useRoom(({ rights }) => mayUse(rights, "call"));
  const shares = useRoom(({ rights }) => mayUse(rights, "screen"));
  return (
    <div className="call-bar shrink-0 border-t border-line px-1.5 py-2">
      <div role="group" aria-label="Call controls" className="call-controls">
        {speaks && <Microphone />}
        {speaks && <Camera />}
        {shares && <Screen />}
        <Control
          label={hand ? "Lower hand" : "Raise hand"}
          icon={Hand}
          look={hand ? "on" : "plain"}
          onClick={() => call.setHand(!hand)}
        />
        <ReactButton />
        <RecordButton />
        <SettingsButton />
        <Control label="Leave call" icon={PhoneOff} look="leave" onClick={() => call.leave()} />
      </div>
    </div>
  );
}

export function Microphone() {
  const call = useRoomCall();
  const { track, busy = false } = useStore(call.own.state, ({ microphone }) => microphone);
  const muted = useCall((state) => state.muted && !state.talking);
  const silent = muted || !track;
  return (
    <Control
      label={silent ? "Unmute" : "Mute"}
      icon={silent ? MicOff : Mic}
      look={silent ? "off" : "plain"}
      busy={busy}
      talk
      onClick={() => call.setMuted(!silent)}
    />
  );
}

function Camera() {
  const { own } = useRoomCall();
  const { track, busy = false } = useStore(own.state, ({ camera }) => camera);
  return (
    <Control
      label={track ? "Camera off" : "Camera on"}
      icon={track ? Video : VideoOff}
      look={track ? "plain" : "off"}
      busy={busy}
      onClick={() => (track ? own.stop("camera") : void own.start("camera"))}
    />
  );
}

function Screen() {
  const { own } = useRoomCall();
  const { track, busy = false } = useStore(own.state, ({ screen }) => screen);
  return (
    <Control
      label={track ? "Stop sharing" : "Share screen"}
      icon={track ? MonitorX : MonitorUp}
      look={track ? "on" : "plain"}
      busy={busy}
      onClick={() => (track ? own.stop("screen") : void own.share())}
    />
  );
}

/** Where there is no room for the button that begins it. */
export function StopSharing() {
  const { own } = useRoomCall();
  const shares = useStore(own.state, ({ screen }) => screen.track !== undefined);
  if (!shares) return null;
  return <Control label="Stop sharing" icon={MonitorX} look="on" onClick={() => own.stop("screen")} />;
}

function SettingsButton() {
  return (
    <ControlPopover label="Call settings" icon={Settings2} className="w-72 space-y-4 p-4">
      {() => <Settings />}
    </ControlPopover>
  );
}

interface ControlProps {
  label: string;
  icon: LucideIcon;
  look: "plain" | "on" | "off" | "leave";
  busy?: boolean;
  /** Held by the space bar, one talks. */
  talk?: boolean;
  onClick: () => void;
}

export function Control({ label, icon: Icon, look, busy = false, talk = false, onClick }: ControlProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-busy={busy || undefined}
      data-look={look}
      data-talk={talk ? "" : undefined}
      data-panel-start={talk ? "" : undefined}
      className="call-control"
      onClick={() => {
        if (!busy) onClick();
      }}
    >
      <Icon aria-hidden />
    </button>
  );
}
