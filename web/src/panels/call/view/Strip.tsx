/** The call while its panel is hidden: up to three small pictures and the buttons that matter. */
import { Circle, PhoneOff, Maximize2 } from "lucide-react";
import { useEffect, useRef, type CSSProperties } from "react";
import { useStore } from "zustand";
import { useRoom } from "../../../session/context";
import { mayUse } from "../../../session/rights";
import { inkOn } from "../../../shared/color";
import { initial } from "../../../shared/format";
import { useCall, useRoomCall } from "../context";
import { useSomebody } from "../names";
import { stripOf } from "../tiles/strip";
import type { Tile } from "../tiles/tiles";
import { Control, Microphone, StopSharing } from "./Controls";
import { Floating } from "./Floating";
import { useStream } from "./useStream";
import { Video } from "./Video";

interface StripProps {
  above: HTMLElement | null;
  onShow: () => void;
}

export function Strip({ above, onShow }: StripProps) {
  const call = useRoomCall();
  const attendees = useCall((state) => state.attendees);
  const speaker = useCall((state) => state.speaker);
  const speaks = useRoom(({ rights }) => mayUse(rights, "call"));
  const records = useStore(call.recorder.state, ({ phase }) => phase === "on");
  const tiles = stripOf(attendees, speaker);
  const leave = () => {
    call.leave();
    // The button is gone with the strip.
    document.querySelector<HTMLElement>("[data-switch='call']")?.focus();
  };
  return (
    <Floating label="Ongoing call" above={above}>
      <div className="call-strip-tiles" onClick={onShow}>
        {tiles.map((tile) => (
          <Small key={tile.id} tile={tile} />
        ))}
      </div>
      <div className="call-strip-controls">
        {records && (
          <span className="mr-auto flex items-center" title="You record the call">
            <Circle aria-hidden className="size-3 animate-breathe fill-bad text-bad" />
            <span className="sr-only">You record the call.</span>
          </span>
        )}
        {speaks && <Microphone />}
        <StopSharing />
        <Control label="Show call" icon={Maximize2} look="plain" onClick={onShow} />
        <Control label="Leave call" icon={PhoneOff} look="leave" onClick={leave} />
      </div>
    </Floating>
  );
}

function Small({ tile }: { tile: Tile }) {
  const { source, attendee } = tile;
  const { client, member, self } = attendee;
  const call = useRoomCall();
  const { name, color } = useSomebody(member);
  const stream = useStream(tile);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = root.current;
    if (!element || self) return;
    return call.sights.watch(element, { client, source, pinned: false, scale: 1 });
  }, [call, client, source, self]);

  useEffect(() => {
    const element = root.current;
    if (!element || source === "screen") return;
    return call.levels?.mark(element, client);
  }, [call, client, source]);

  return (
    <div
      ref={root}
      role="img"
      aria-label={source === "screen" ? `${name}’s screen` : name}
      data-source={source}
      className="call-small"
      style={{ "--person": color } as CSSProperties}
    >
      {stream ? (
        <Video stream={stream} mirrored={self && source === "camera"} whole={source === "screen"} />
      ) : (
        <span aria-hidden className="call-small-face" style={{ backgroundColor: color, color: inkOn(color) }}>
          {initial(name)}
        </span>
      )}
      <span aria-hidden className="call-small-name">
        {name}
      </span>
    </div>
  );
}
