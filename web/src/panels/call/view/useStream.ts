/** The stream that a tile shows, if its person sends one. */
import { useCall } from "../context";
import type { Tile } from "../tiles/tiles";

export function useStream({ attendee, source }: Tile): MediaStream | undefined {
  return useCall(({ call }) => {
    const sends = source === "camera" ? attendee.camera : attendee.screen;
    return sends ? call?.stream(attendee.client, source) : undefined;
  });
}
