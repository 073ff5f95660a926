/** Which receivers are sent copies of the same frames. */
import type { Order } from "../port.js";
import { LAYERS } from "./gate.js";

/** Encoders for many at most: one for large pictures and one for small ones. */
export const ENCODERS = 2;
/** By how many temporal layers are sent, the share of the frames, and the most that was measured of the bits. */
const FRAMES = [0, 0.25, 0.5, 1];
const BITS = [0, 0.55, 0.7, 1];
/** A receiver takes so much more than was ordered for it, and so much fewer frames. */
const MORE = 1.1;
const FEWER = 0.8;

export interface Shared<T> {
  /** The order for the encoder. */
  readonly order: Order;
  /** The receivers of its frames, with how many temporal layers each. */
  readonly members: ReadonlyMap<T, number>;
}

/** Those who are not in the plan are better off with an encoder of their own. */
export function plan<T>(orders: ReadonlyMap<T, Order>): Shared<T>[] {
  const heights = new Set(
    [...orders.values()].filter(({ bitrate }) => bitrate > 0).map(({ height }) => height),
  );
  return [...heights]
    .map((height) => shared([...orders].filter(([, order]) => order.bitrate > 0 && order.height === height)))
    .filter(({ members }) => members.size > 1)
    .sort((one, other) => saved(other) - saved(one))
    .slice(0, ENCODERS);
}

/** With how many temporal layers the frames that are made for one order fit another; 0 if they do not. */
export function layersFor(order: Order, made: Order): number {
  for (let layers = LAYERS; layers > 0; layers -= 1) {
    const rate = made.rate * (FRAMES[layers] ?? 0);
    const bitrate = made.bitrate * (BITS[layers] ?? 0);
    const much = rate > order.rate * MORE || bitrate > order.bitrate * MORE;
    if (!much) return rate >= order.rate * FEWER ? layers : 0;
  }
  return 0;
}

function shared<T>(all: readonly (readonly [T, Order])[]): Shared<T> {
  const orders = all.map(([, order]) => order);
  const rate = Math.max(...orders.map((order) => order.rate));
  const bitrate = Math.min(...orders.filter((order) => order.rate === rate).map((order) => order.bitrate));
  const order = { source: 1, height: orders[0]?.height ?? 0, rate, bitrate };
  const members = all.map(([who, each]) => [who, layersFor(each, order)] as const);
  return {
    order,
    members: new Map(members.filter(([, layers]) => layers > 0)),
  };
}

/** How much is not encoded again. */
function saved<T>({ order, members }: Shared<T>): number {
  return (members.size - 1) * order.height ** 2 * order.rate;
}
