/** What every contender can do in its page, so that all are measured by the same code. */
import type { Room } from "../../../wasm/ts/types";

export interface Meeting {
  /** Where: the address of a room at a signalling server, a link, or the id of a stored room. */
  place: string;
  /** When to start, by the clock that all pages of a machine share. */
  at: number;
  /** What one has to show. */
  own: string;
  /** What the other shows. */
  other: string;
}

/** One end of a connection with a text on it. */
export interface Contender {
  /** Meets the other; tells when its content was here. */
  meet(meeting: Meeting): Promise<number>;
  insert(at: number, text: string): void;
  remove(at: number, count: number): void;
  content(): string;
  length(): number;
  /** Resolves when more may be written without piling up. */
  ready(): Promise<void>;
  /** Called with what the other wrote. */
  heard: ((text: string) => void) | undefined;
  /** Takes part in a room that was opened already; only Covey has such. */
  enter?(room: Room): Promise<unknown>;
}

/** The time on the clock that all pages of a machine share. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** Resolves at this time of `clock`, as exactly as a page can. */
export async function instant(at: number): Promise<void> {
  const early = at - clock() - 5;
  if (early > 0) await pause(early);
  while (clock() < at);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Lets the page do whatever else waits, without the pauses of timers. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
