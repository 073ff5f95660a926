/** What is measured within a page, the same for every contender. */
import { clock, pause, turn, type Contender } from "./player";

/** One edit of a trace: place, how many characters go, what comes. */
export type Patch = [at: number, gone: number, text: string];

const ASK = "?";
const ANSWER = "!";
/** So long edits are made before the page has its turn. */
const SLICE = 8;

export type Player = Contender & ReturnType<typeof measures>;

declare global {
  var player: Player;
}

/** Puts a contender where the bench finds it. */
export function offer(contender: Contender): void {
  globalThis.player = Object.assign(contender, measures(contender));
}

function measures(own: Contender) {
  let stopped = false;
  const over = () => stopped;
  return {
    /** Round trips of single keystrokes, from document to document and back. */
    async strokes(count: number, every: number): Promise<number[]> {
      const took: number[] = [];
      stopped = false;
      while (took.length < count && !over()) {
        took.push(await stroke(own));
        await pause(every);
      }
      return took;
    },

    /** Ends the strokes after the one under way. */
    stop(): void {
      stopped = true;
    },

    /** Answers each keystroke of the other with one. */
    echo(): void {
      own.heard = (text) => {
        if (text === ASK) queueMicrotask(() => own.insert(own.length() >> 1, ANSWER));
      };
    },

    /** Writes text in lines until there are so many characters, in parts of some bytes. */
    async fill(characters: number, part: number): Promise<void> {
      const line =
        "the quick brown fox jumps over the lazy dog, again and again, until nightfall.\n";
      const text = line.repeat(Math.ceil(part / line.length)).slice(0, part);
      while (own.length() < characters) {
        await own.ready();
        own.insert(own.length(), text.slice(0, characters - own.length()));
        await turn();
      }
    },

    /**
     * Edits as fast as they can be made; the page has its turn between. Tells when it began. With `apart` the
     * page's own clock goes on by so many milliseconds from edit to edit, as if somebody typed.
     */
    async replay(patches: Patch[], apart = 0): Promise<number> {
      const start = clock();
      const now = performance.now.bind(performance);
      let typed = 0;
      if (apart > 0) performance.now = () => now() + typed;
      let until = now() + SLICE;
      for (const [at, gone, text] of patches) {
        typed += apart;
        if (gone > 0) own.remove(at, gone);
        if (text !== "") own.insert(at, text);
        if (now() < until) continue;
        await turn();
        await own.ready();
        until = now() + SLICE;
      }
      return start;
    },

    /** When the content was at least so long. */
    async reaches(length: number): Promise<number> {
      while (own.length() < length) await pause(2);
      return clock();
    },

    /** When the content was this one. */
    async becomes(content: string): Promise<number> {
      while (own.length() !== content.length || own.content() !== content) await pause(2);
      return clock();
    },
  };
}

/** One key there, the answer back. */
async function stroke(own: Contender): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve) => {
    own.heard = (text) => text === ANSWER && resolve();
    own.insert(own.length() >> 1, ASK);
  });
  return performance.now() - start;
}
