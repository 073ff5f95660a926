/**
 * Where frames go from encoders to senders: a worker, so that a busy page does not hold them up. The page says what is
 * to go where, and is told what happened.
 */
import type { EncodedFrame, EncodedStreams } from "./encoded.js";
import { EncodedFeed } from "./feed.js";
import { Gate } from "./gate.js";

/** Gates and feeds have numbers. */
export type ToRealm =
  | {
      readonly do: "gate";
      readonly gate: number;
      readonly streams: EncodedStreams;
    }
  | {
      readonly do: "feed";
      readonly feed: number;
      readonly frames: ReadableStream<EncodedFrame>;
    }
  | {
      readonly do: "want";
      readonly gate: number;
      readonly feed: number | undefined;
    }
  | { readonly do: "reset" | "forget"; readonly gate: number }
  | {
      readonly do: "layers";
      readonly gate: number;
      readonly most: number;
      readonly layers: number;
    }
  | { readonly do: "end"; readonly feed: number }
  | { readonly do: "look" };

export interface GateState {
  readonly gate: number;
  readonly sent: Gate["sent"];
  /** Milliseconds since the own encoder made a frame. */
  readonly own: number | undefined;
}

export interface FeedState {
  readonly feed: number;
  /** Milliseconds since a frame, and since a key frame. */
  readonly frame: number | undefined;
  readonly key: number | undefined;
  /** By temporal layer, since the last look. */
  readonly bits: readonly number[];
}

export type FromRealm =
  | { readonly is: "ready" }
  | {
      readonly is: "changed";
      readonly gate: number;
      readonly feed: number | undefined;
    }
  | { readonly is: "wanted" | "refused"; readonly gate: number }
  | {
      readonly is: "looked";
      readonly gates: readonly GateState[];
      readonly feeds: readonly FeedState[];
    };

export class Realm {
  private readonly gates = new Map<number, Gate>();
  private readonly feeds = new Map<number, EncodedFeed>();

  constructor(private readonly tell: (told: FromRealm) => void) {
    tell({ is: "ready" });
  }

  told(told: ToRealm): void {
    if (told.do === "gate") this.addGate(told.gate, told.streams);
    else if (told.do === "feed") this.addFeed(told.feed, told.frames);
    else if (told.do === "look") this.look();
    else if (told.do === "end") this.feeds.delete(told.feed);
    else if (told.do === "want") this.gates.get(told.gate)?.want(this.feeds.get(told.feed ?? -1));
    else if (told.do === "layers") this.gates.get(told.gate)?.limit(told.most, told.layers);
    else if (told.do === "reset") this.gates.get(told.gate)?.reset();
    else this.gates.delete(told.gate);
  }

  private addGate(gate: number, streams: EncodedStreams): void {
    const made: Gate = new Gate(streams, {
      changed: () =>
        this.tell({
          is: "changed",
          gate,
          feed: (made.feed as EncodedFeed | undefined)?.id,
        }),
      wanted: () => this.tell({ is: "wanted", gate }),
      refused: () => this.tell({ is: "refused", gate }),
    });
    this.gates.set(gate, made);
  }

  private addFeed(id: number, frames: ReadableStream<EncodedFrame>): void {
    const made = new EncodedFeed(id, frames, (feed, frame, metadata) => {
      if (this.feeds.get(id) !== feed) return;
      for (const gate of this.gates.values()) gate.take(feed, frame, metadata);
    });
    this.feeds.set(id, made);
  }

  private look(): void {
    const now = performance.now();
    const since = (at: number | undefined) => (at === undefined ? undefined : now - at);
    this.tell({
      is: "looked",
      gates: [...this.gates].map(([gate, { sent, lastOwn }]) => ({
        gate,
        sent,
        own: since(lastOwn),
      })),
      feeds: [...this.feeds].map(([feed, each]) => ({
        feed,
        frame: since(each.lastFrame),
        key: since(each.lastKey),
        bits: each.takeBits(),
      })),
    });
  }
}
