/** Where one was on the board and what one drew with, while the room is open: also over a rebuilt document. */
import type { AppState } from "@excalidraw/excalidraw/types";
import { perRoom } from "../../../session/session";

type Place = Pick<AppState, "scrollX" | "scrollY" | "zoom">;

const TOOLS = /^currentItem|^(gridModeEnabled|objectsSnapModeEnabled|penMode)$/;

export class BoardPlaces {
  private open: string | undefined;
  private readonly places = new Map<string, Place>();
  private tools: Partial<AppState> = {};

  /** The page that is open. */
  get page(): string | undefined {
    return this.open;
  }

  opened(page: string): void {
    this.open = page;
  }

  keep(page: string, state: AppState): void {
    const { scrollX, scrollY, zoom } = state;
    this.places.set(page, { scrollX, scrollY, zoom });
    this.tools = Object.fromEntries(Object.entries(state).filter(([name]) => TOOLS.test(name)));
  }

  kept(page: string): Partial<AppState> {
    return { ...this.tools, ...this.places.get(page) };
  }

  /** Whether the page was on show before. */
  isKept(page: string): boolean {
    return this.places.has(page);
  }
}

export const boardPlaces = perRoom(() => new BoardPlaces());
