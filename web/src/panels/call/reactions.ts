/** Reactions that float over tiles for a moment. */
import { createStore, type StoreApi } from "zustand";
import { lettersOf } from "../../shared/names";

export const EMOJI = ["👍", "👏", "❤️", "😂", "😮", "🎉"] as const;
export const EMOJI_NAMES: Readonly<Record<(typeof EMOJI)[number], string>> = {
  "👍": "Thumbs up",
  "👏": "Applause",
  "❤️": "Heart",
  "😂": "Laughing",
  "😮": "Surprised",
  "🎉": "Celebration",
};

/** In milliseconds. */
const FLOATING = 3_500;
/** Of one person at a time; more are left out. */
const MANY = 5;

export interface Reaction {
  readonly id: number;
  readonly client: number;
  readonly emoji: string;
}

export class Reactions {
  readonly state: StoreApi<{ all: readonly Reaction[] }> = createStore<{ all: readonly Reaction[] }>()(
    () => ({ all: [] }),
  );
  private count = 0;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  add(client: number, text: string): void {
    const { all } = this.state.getState();
    if (!isEmoji(text) || all.filter((each) => each.client === client).length >= MANY) return;
    const reaction: Reaction = { id: (this.count += 1), client, emoji: text };
    this.state.setState({ all: [...all, reaction] });
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.state.setState((state) => ({ all: state.all.filter((each) => each !== reaction) }));
    }, FLOATING);
    this.timers.add(timer);
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.state.setState({ all: [] });
  }
}

/** A reaction of others is any text. */
export function isEmoji(text: string): boolean {
  return text.length <= 32 && /^\p{Extended_Pictographic}/u.test(text) && lettersOf(text).length === 1;
}
