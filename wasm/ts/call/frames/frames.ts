/**
 * How the frames of a camera get to one receiver. There are two means:
 *
 * ```text
 *   own encoder      camera ──► encoder of the sender ─────────────────────► receiver
 *   copied frames    camera ──► one encoder for all ──copies──► sender ────► receiver
 * ```
 */
import type { Order } from "../port.js";

/** The frames sent to a receiver, as a connection's own statistics can't tell them. */
export interface SentFrames {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** The encoder is slowed down by the processor; undefined where the sender's own statistics say it. */
  readonly limitedByCpu: boolean | undefined;
}

export interface Frames {
  /** Frames come from elsewhere: the sender's own encoder has next to nothing to do. */
  readonly copied: boolean;
  steer(order: Order): void;
  /** The receiver needs a frame that stands for itself. */
  key(): void;
  sent(): SentFrames | undefined;
  close(): void;
}

/** Each sender encodes for itself. */
export const OWN_ENCODER: Frames = {
  copied: false,
  steer: () => undefined,
  key: () => undefined,
  sent: () => undefined,
  close: () => undefined,
};
