/** One person in the call, or the screen that one shares. */
import { Hand, MicOff, Pin, Radio } from "lucide-react";
import { useEffect, useRef, useState, type CSSProperties } from "react";
import { inkOn } from "../../../shared/color";
import { initial } from "../../../shared/format";
import { apart } from "../../../shared/names";
import { KeyMark } from "../../../session/KeyMark";
import { useCall, useRoomCall } from "../context";
import { useSomebody } from "../names";
import type { Rect } from "../tiles/grid";
import type { Tile as TileOf } from "../tiles/tiles";
import { WHOLE } from "../tiles/zoom";
import { lineWords, stateOf } from "../words";
import { FloatingReactions } from "./FloatingReactions";
import { TileTop } from "./TileTop";
import { useStream } from "./useStream";
import { Video } from "./Video";
import { Zoomable } from "./Zoomable";

interface TileProps {
  tile: TileOf;
  large: boolean;
  rect: Rect;
}

export function Tile({ tile, large, rect }: TileProps) {
  const { id, source, attendee } = tile;
  const { client, self, member } = attendee;
  const call = useRoomCall();
  const { name, color } = useSomebody(member);
  const pinned = useCall((state) => state.pinned === id);
  const [zoom, setZoom] = useState(WHOLE);
  const root = useRef<HTMLDivElement>(null);
  const stream = useStream(tile);
  const zooms = large && source === "screen" && stream !== undefined;
  const scale = zooms ? Math.ceil(zoom.scale) : 1;

  useEffect(() => {
    const element = root.current;
    if (!element || self) return;
    return call.sights.watch(element, { client, source, pinned, scale });
  }, [call, client, source, self, pinned, scale]);

  useEffect(() => {
    const element = root.current;
    if (!element || source === "screen") return;
    return call.levels?.mark(element, client);
  }, [call, client, source]);

  const picture = stream ? (
    <Video stream={stream} mirrored={self && source === "camera"} whole={source === "screen"} />
  ) : (
    <Face name={name} color={color} />
  );
  return (
    <div
      ref={root}
      role="group"
      tabIndex={-1}
      aria-label={source === "screen" ? `${name}’s screen` : name}
      data-client={client}
      data-member={member}
      data-source={source}
      data-stage={large ? "" : undefined}
      className="call-tile"
      style={styleOf(rect, color)}
    >
      <div className="absolute inset-0" onClick={() => call.pin(pinned ? undefined : id)}>
        {zooms ? (
          <Zoomable zoom={zoom} onZoom={setZoom}>
            {picture}
          </Zoomable>
        ) : (
          picture
        )}
      </div>
      {source === "camera" && <FloatingReactions client={client} />}
      <Line tile={tile} />
      <TileTop tile={tile} name={name} root={root} onZoom={zooms ? setZoom : undefined} />
      <NameBar tile={tile} name={name} pinned={pinned} />
    </div>
  );
}

function styleOf({ x, y, width, height }: Rect, color: string): CSSProperties {
  return { left: x, top: y, width, height, "--person": color } as CSSProperties;
}

function Face({ name, color }: { name: string; color: string }) {
  return (
    <span aria-hidden className="call-face" style={{ backgroundColor: color, color: inkOn(color) }}>
      {initial(name)}
    </span>
  );
}

function Line({ tile: { attendee, source } }: { tile: TileOf }) {
  const { line } = attendee;
  if (line === undefined || line === "good" || source === "screen") return null;
  return (
    <p role="status" className="call-line" data-line={line}>
      {lineWords[line]}
    </p>
  );
}

function NameBar({ tile, name, pinned }: { tile: TileOf; name: string; pinned: boolean }) {
  const { attendee, source } = tile;
  const { self, member, microphone, hand, recording } = attendee;
  if (source === "screen")
    return (
      <p className="call-name">
        <span className="truncate">{self ? "Your screen" : `${apart(name)}’s screen`}</span>
        {pinned && <Pin aria-hidden />}
      </p>
    );
  return (
    <p className="call-name">
      {hand && <Hand aria-hidden className="text-[#ffd166]" />}
      {recording && <Radio aria-hidden className="text-[#ff8a80]" />}
      {microphone !== "on" && <MicOff aria-hidden />}
      <bdi className="truncate">{name}</bdi>
      <KeyMark member={member} />
      {self && <span className="opacity-80">(you)</span>}
      {pinned && <Pin aria-hidden />}
      <span className="sr-only">{stateOf(attendee)}</span>
    </p>
  );
}
