/** The few pictures of a call that stay on show while the panel is hidden. */
import { tilesOf, type Tile } from "./tiles";
import type { Attendee } from "../../../engine";

export const MOST = 3;

/** The person who spoke last, then a shared screen, then those with cameras. Oneself only where nobody else is. */
export function stripOf(attendees: readonly Attendee[], speaker: number | undefined): Tile[] {
  const others = attendees.filter(({ self }) => !self);
  const tiles = tilesOf(others.length > 0 ? others : attendees);
  const rank = ({ source, attendee: { client, camera } }: Tile) => {
    if (source === "screen") return 1;
    if (client === speaker) return 0;
    return camera ? 2 : 3;
  };
  return tiles.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST);
}
