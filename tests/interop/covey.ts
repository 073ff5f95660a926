/** A peer by our own transport: the module that `cargo xtask` builds with the feature `echo`. */
import init, { EchoPeer } from "covey-echo";
import * as acts from "./acts";
import type { Peer } from "./wire";

await init();
const own = new EchoPeer();

const peer: Peer = {
  id: own.id(),
  reserve: (node) => own.reserve(node),
  dial: (address) => own.dial(address),
  async open(peer) {
    const stream = await own.open(peer);
    return {
      write: (bytes) => stream.write(bytes),
      read: () => stream.read(),
      close: () => stream.close(),
      reset: () => stream.drop(),
    };
  },
  paths: (peer) => own.paths(peer),
  served: () => own.served(),
  hangup: (peer) => own.hangup(peer),
};

globalThis.echoActs = acts;
globalThis.echoPeer = peer;
