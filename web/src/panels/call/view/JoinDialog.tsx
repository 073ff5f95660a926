/** Before joining: what one looks and sounds like, and with which devices. One can join with none of them. */
import { Mic, MicOff, Phone, Video as VideoIcon, VideoOff } from "lucide-react";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useStore } from "zustand";
import { useRoom } from "../../../session/context";
import { mayUse, writes } from "../../../session/rights";
import { Button } from "../../../ui/Button";
import { Modal } from "../../../ui/Modal";
import { Notice } from "../../../ui/Notice";
import { useRoomCall } from "../context";
import { choose } from "../own/choices";
import { startGranted } from "../own/granted";
import type { Own } from "../own/own";
import { DeviceSelects } from "./DeviceSelects";
import { LevelMeter } from "./LevelMeter";
import { RecordedBy } from "./RecordedBy";
import { TestCall } from "./TestCall";
import { Video } from "./Video";

export function JoinDialog({ onClose }: { onClose: () => void }) {
  const call = useRoomCall();
  const rights = useRoom((state) => state.rights);
  const speaks = mayUse(rights, "call");
  const starting = useRef<AbortController>(undefined);
  useEffect(() => {
    if (!speaks) return;
    const stop = (starting.current = new AbortController());
    void startGranted(call.own, stop.signal);
    return () => stop.abort();
  }, [call, speaks]);

  const close = () => {
    starting.current?.abort();
    call.own.stopAll();
    onClose();
  };
  const join = () => {
    starting.current?.abort();
    if (speaks) remember(call.own);
    call.join();
    onClose();
  };
  return (
    <Modal
      open
      onOpenChange={close}
      title="Join the call"
      about={speaks ? "Nobody sees or hears you before you join." : listens(writes(rights.role))}
    >
      <div className="mt-4 space-y-4">
        {speaks && <OwnDevices own={call.own} />}
        <DeviceSelects listening={!speaks} />
        {speaks && <TestCall />}
        <RecordedBy />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" autoFocus onClick={join}>
            <Phone aria-hidden className="size-4" />
            Join call
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function listens(writes: boolean): string {
  return writes
    ? "Your link lets you listen and watch: it is not for speaking in the call."
    : "Your link lets you listen and watch.";
}

/** For the next time. */
function remember(own: Own): void {
  const { microphone, camera } = own.state.getState();
  choose({ withoutMicrophone: !microphone.track, withCamera: camera.track !== undefined });
}

function OwnDevices({ own }: { own: Own }) {
  const microphone = useStore(own.state, (state) => state.microphone);
  const camera = useStore(own.state, (state) => state.camera);
  const preview = useMemo(() => camera.track && new MediaStream([camera.track]), [camera.track]);

  return (
    <>
      <div className="relative grid aspect-video place-items-center overflow-hidden rounded-xl bg-[#16191a] text-[#a0a7a5]">
        {preview ? (
          <Video stream={preview} mirrored />
        ) : (
          <p className="text-[0.933rem]">{camera.busy ? "The camera is starting…" : "Your camera is off."}</p>
        )}
        {microphone.track && (
          <div className="absolute inset-x-4 bottom-3">
            <LevelMeter track={microphone.track} />
          </div>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Switch
          on={microphone.track !== undefined}
          busy={microphone.busy}
          what="microphone"
          icons={[<Mic key="on" aria-hidden />, <MicOff key="off" aria-hidden />]}
          onStart={() => void own.start("microphone")}
          onStop={() => own.stop("microphone")}
        />
        <Switch
          on={camera.track !== undefined}
          busy={camera.busy}
          what="camera"
          icons={[<VideoIcon key="on" aria-hidden />, <VideoOff key="off" aria-hidden />]}
          onStart={() => void own.start("camera")}
          onStop={() => own.stop("camera")}
        />
      </div>
      <Problem text={microphone.problem} />
      <Problem text={camera.problem === microphone.problem ? undefined : camera.problem} />
    </>
  );
}

function Problem({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <Notice tone="warn" alert>
      {text} You can join without.
    </Notice>
  );
}

interface SwitchProps {
  on: boolean;
  busy: boolean | undefined;
  what: string;
  icons: readonly [on: ReactNode, off: ReactNode];
  onStart: () => void;
  onStop: () => void;
}

function Switch({ on, busy = false, what, icons, onStart, onStop }: SwitchProps) {
  return (
    <Button
      className="flex-1 [&_svg]:size-4"
      busy={busy && !on}
      onClick={() => {
        if (on) onStop();
        else onStart();
      }}
    >
      {on ? icons[0] : icons[1]}
      {on ? `Turn off ${what}` : `Turn on ${what}`}
    </Button>
  );
}
