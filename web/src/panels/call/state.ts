/** The call of a room as the panel shows it. */
import type { Attendee, Call } from "../../engine";
import type { Arrangement } from "./tiles/tiles";

export interface CallState {
  /** Absent until the engine has it. */
  readonly call: Call | undefined;
  readonly problem: string | undefined;
  readonly joined: boolean;
  readonly attendees: readonly Attendee[];
  /** Counts up when a stream came or went, so that all look again. */
  readonly streams: number;
  readonly muted: boolean;
  readonly hand: boolean;
  /** Heard for as long as a key is held. */
  readonly talking: boolean;
  /** Muted, and talking all the same. */
  readonly talksMuted: boolean;
  /** The tile that stands large. */
  readonly pinned: string | undefined;
  readonly arrangement: Arrangement;
  /** The person who spoke last. */
  readonly speaker: number | undefined;
  /** The dialog before joining is open. */
  readonly joining: boolean;
  /** The person knows of this call. */
  readonly noticed: boolean;
  /** The panel is not on show. */
  readonly hidden: boolean;
}

/** The state while one does not take part. */
export const OUTSIDE = {
  joined: false,
  muted: false,
  hand: false,
  talking: false,
  talksMuted: false,
  pinned: undefined,
  speaker: undefined,
} satisfies Partial<CallState>;

export const AT_FIRST: CallState = {
  ...OUTSIDE,
  call: undefined,
  problem: undefined,
  attendees: [],
  streams: 0,
  arrangement: "grid",
  joining: false,
  noticed: false,
  hidden: true,
};
