/** Recordings of this page: the one that is being made, those that are not saved yet, and what came of them. */
import { Circle, X } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { relative } from "../../../shared/format";
import { Button, IconButton } from "../../../ui/Button";
import { Notice } from "../../../ui/Notice";
import { useRoomCall } from "../context";
import { bytes, clock } from "../numbers";
import type { Kept } from "../recording/kept";

export function Recordings() {
  const { recorder } = useRoomCall();
  const { kept, phase, problem, saved } = useStore(recorder.state);
  const on = phase === "on" || phase === "ending";
  if (!on && kept.length === 0 && problem === undefined && saved === undefined) return null;
  return (
    <div className="w-full space-y-2 p-2 text-left empty:hidden">
      {on && <Running />}
      {problem !== undefined && (
        <Told tone="warn" onDismiss={() => recorder.dismiss()}>
          {problem}
        </Told>
      )}
      {saved !== undefined && <Told onDismiss={() => recorder.dismiss()}>Saved as “{saved}”.</Told>}
      {kept.map((each) => (
        <OneKept key={each.name} kept={each} />
      ))}
    </div>
  );
}

function Running() {
  const { recorder } = useRoomCall();
  const { since, bytes: size, inMemory } = useStore(recorder.state);
  const now = useNow();
  return (
    <div className="flex items-start gap-2 px-1 text-[0.867rem]">
      <Circle aria-hidden className="mt-1 size-3 shrink-0 animate-breathe fill-bad text-bad" />
      <p>
        You record the call: <span className="tabular-nums">{clock(Math.max(0, now - since))}</span>
        {size > 0 && `, ${bytes(size)}`}
        {inMemory && (
          <span className="block text-[0.8rem] text-soft">
            This browser can’t write it to the disk as it goes. It is gone when this page is closed, and ends
            at 256 MB.
          </span>
        )}
      </p>
    </div>
  );
}

/** The time of day, anew every second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function OneKept({ kept }: { kept: Kept }) {
  const { recorder } = useRoomCall();
  const saving = useStore(recorder.state, (state) => state.saving);
  const size = bytes(kept.bytes);
  const about = kept.milliseconds === undefined ? size : `${clock(kept.milliseconds)} (${size})`;
  return (
    <Notice>
      <p>
        {kept.unfinished
          ? `An unfinished recording of ${about}, ${relative(kept.started)}.`
          : `A recording of ${about}.`}
      </p>
      <div className="mt-2 flex gap-2">
        <Button small kind="primary" busy={saving === kept.name} onClick={() => void recorder.save(kept)}>
          Save
        </Button>
        <Button small disabled={saving === kept.name} onClick={() => void recorder.discard(kept)}>
          Discard
        </Button>
      </div>
    </Notice>
  );
}

interface ToldProps {
  tone?: "plain" | "warn";
  onDismiss: () => void;
  children: ReactNode;
}

function Told({ tone = "plain", onDismiss, children }: ToldProps) {
  return (
    <div role="status">
      <Notice
        tone={tone}
        action={
          <IconButton label="Dismiss" className="-my-1.5 -mr-2" onClick={onDismiss}>
            <X />
          </IconButton>
        }
      >
        {children}
      </Notice>
    </div>
  );
}
