/** The face of a panel: all that the page knows of it. */
import type { LucideIcon } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import type { RoomSession } from "../session/session";

export interface PanelSpec {
  /** Its name in stored arrangements and in the page's markup, which stays the same for good. */
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Its place among the panels' buttons, and the digit that leads to it with `Alt`, or `Ctrl` on a Mac. */
  readonly digit: Digit;
  readonly first: FirstPlace;
  readonly begins: Beginning;
  /** The count beside the panel's name. */
  readonly badge?: (session: RoomSession) => Badge;
  /** Keys that work in it, for the sheet of shortcuts. */
  readonly keys?: readonly Keys[];
  /** The sentence for people who may not write in its document; without it the panel says so itself. */
  readonly readOnly?: ReadOnly;
  /** Shown while it is being fetched. */
  readonly skeleton?: ReactNode;
  /** Begins a sentence where it can't be fetched: “The board”. */
  readonly subject: string;
  readonly load: () => Promise<{ default: ComponentType<PanelProps> }>;
}

export interface PanelProps {
  /** Not on show at the moment. */
  readonly hidden: boolean;
  /** The spec's skeleton, for as long as there is nothing to show. */
  readonly skeleton: ReactNode;
  /** Brings the panel on show, and the focus into it. */
  readonly show: () => void;
  /** An empty element above all panels, for what a panel shows while it is hidden itself. */
  readonly above: HTMLElement | null;
}

export type Digit = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Where a panel stands until somebody moves it. */
export interface FirstPlace {
  /** `work`: the large place, `talk`: beside it, `people`: the narrow one. Panels of one place are tabs. */
  readonly at: "work" | "talk" | "people";
  /** Closed until somebody opens it. */
  readonly closed?: boolean;
}

/**
 * When a panel is fetched and made: `with the room`, even where it is closed; `fetched`, early so that it opens at
 * once, and made when it is opened; `when opened`, both; `when counted`, also as soon as its badge counts something.
 */
export type Beginning = "with the room" | "fetched" | "when opened" | "when counted";

export interface Badge {
  readonly count: () => number;
  /** Calls back when the count may be another one, until the returned function is called. */
  readonly watch: (listener: () => void) => () => void;
  /** Completes “3 …” where it is something new, which is shown on the panel's button, too. */
  readonly countLabel?: string;
}

/** One combination of keys that are pressed together. */
export type Keys = readonly [what: string, keys: readonly string[]];

export interface ReadOnly {
  readonly document: string;
  /** Follows “Your link lets you look.” */
  readonly look: string;
  /** Where the link is for other panels; followed by what it is for. */
  readonly part: string;
}
