/** Rooms in a browser with nobody in the middle: `const covey = await open()`. */
import init, { WasmCovey } from "../pkg/covey_wasm.js";
import { Engine } from "./covey.js";
import { addresses, nodesOf } from "./nodes.js";
import { rehearse } from "./rehearsal.js";
import type { Covey, OpenOptions } from "./types.js";

export type * from "./call/types.js";
export { CoveyError } from "./errors.js";
export type * from "./errors.js";
export type * from "./types.js";

let loading: Promise<unknown> | undefined;
let endRehearsal: (() => void) | undefined;

/** Starts the engine of this page. Nothing is sent anywhere before a room is opened or prepared. */
export async function open(options: OpenOptions = {}): Promise<Covey> {
  loading ??= init().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  endRehearsal ??= rehearse();
  const named = addresses(options.nodes ?? []);
  const nodes = options.nodes ? named : nodesOf(location);
  const base = options.base ?? location.origin + location.pathname;
  return new Engine(await WasmCovey.open(nodes), base, named, endRehearsal);
}
