/** Problems of one's own devices, and sound that the browser holds back. */
import { Volume2, X } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { Button, IconButton } from "../../../ui/Button";
import { Notice } from "../../../ui/Notice";
import { useRoomCall } from "../context";
import type { Device, Input } from "../own/reasons";

const DEVICES: readonly Device[] = ["microphone", "camera", "screen"];
const INPUTS: readonly Input[] = ["microphone", "camera"];

export function Problems() {
  const { own, sound } = useRoomCall();
  const state = useStore(own.state);
  const blocked = useStore(sound.state, (each) => each.blocked);
  const problems = DEVICES.flatMap((device) => {
    const { problem } = state[device];
    return problem === undefined ? [] : [{ device, problem }];
  });
  const silent = INPUTS.filter((device) => state[device].silent);
  if (problems.length === 0 && silent.length === 0 && !blocked) return null;
  return (
    <div className="space-y-2 p-2">
      {blocked && (
        <Problem
          action={
            <Button small kind="primary" onClick={() => sound.playAll()}>
              <Volume2 aria-hidden className="size-4" />
              Play sound
            </Button>
          }
        >
          The browser plays no sound yet.
        </Problem>
      )}
      {silent.map((device) => (
        <Problem
          key={`silent ${device}`}
          action={
            <Button small onClick={() => void own.start(device)}>
              Turn on again
            </Button>
          }
        >
          Your {device} is held back by the system, such as for a phone call.
        </Problem>
      ))}
      {problems.map(({ device, problem }) => (
        <Problem
          key={device}
          action={
            <IconButton label="Dismiss" className="-my-1.5 -mr-2" onClick={() => own.dismiss(device)}>
              <X />
            </IconButton>
          }
        >
          {problem}
        </Problem>
      ))}
    </div>
  );
}

function Problem({ action, children }: { action: ReactNode; children: ReactNode }) {
  return (
    <Notice tone="warn" alert action={action}>
      {children}
    </Notice>
  );
}
