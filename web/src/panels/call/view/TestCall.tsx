/** Lets a person hear themselves, before others do. */
import { Mic } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../../ui/Button";
import { useRoomCall } from "../context";
import { explained, reasonOf } from "../own/reasons";
import { NoMicrophone, tryOut } from "../own/trial";
import { LevelMeter } from "./LevelMeter";

type Phase =
  | { readonly is: "off" | "starting" | "playing" }
  | { readonly is: "listening"; readonly track: MediaStreamTrack }
  | { readonly is: "told"; readonly said: string };

const HEARD = "If you heard yourself, others will. If not, choose another speaker or turn it up.";
const SILENT = "Nothing was heard. Choose another microphone, or look whether it is switched off.";
const FAILED = "The test could not be played. Try it again.";

export function TestCall() {
  const { own } = useRoomCall();
  const [phase, setPhase] = useState<Phase>({ is: "off" });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const begin = async () => {
    const { signal } = (stop.current = new AbortController());
    const become = (next: Phase) => {
      if (!signal.aborted) setPhase(next);
    };
    become({ is: "starting" });
    try {
      const heard = await tryOut(
        own.track("microphone"),
        {
          listening: (track) => become({ is: "listening", track }),
          playing: () => become({ is: "playing" }),
        },
        signal,
      );
      become({ is: "told", said: heard ? HEARD : SILENT });
    } catch (error) {
      const noMicrophone = error instanceof NoMicrophone;
      become({ is: "told", said: noMicrophone ? said(error.cause) : FAILED });
    }
  };

  const busy = phase.is !== "off" && phase.is !== "told";
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          small
          aria-disabled={busy}
          onClick={() => {
            if (!busy) void begin();
          }}
        >
          <Mic aria-hidden className="size-4" />
          Test call
        </Button>
        {phase.is === "listening" && (
          <div className="w-28 rounded-full bg-[#5d625f] p-px">
            <LevelMeter track={phase.track} label="Level of the test" />
          </div>
        )}
      </div>
      <p role="status" className="mt-1.5 text-[0.8rem] text-soft empty:hidden">
        {wordsOf(phase)}
      </p>
    </div>
  );
}

function said(error: unknown): string {
  return explained(reasonOf(error, "microphone", isSecureContext), "microphone");
}

function wordsOf(phase: Phase): string {
  switch (phase.is) {
    case "off":
      return "";
    case "starting":
      return "The microphone is starting…";
    case "listening":
      return "Say something: three seconds are recorded, and nobody else hears them.";
    case "playing":
      return "This is how others will hear you.";
    case "told":
      return phase.said;
  }
}
