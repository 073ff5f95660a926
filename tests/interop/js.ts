/** A peer by js-libp2p, set up as its documentation has it for a browser. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Connection, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { peerIdFromString } from "@libp2p/peer-id";
import { ping } from "@libp2p/ping";
import { webRTC } from "@libp2p/webrtc";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import * as acts from "./acts";
import { PROTOCOL, type Peer, type Wire } from "./wire";

const node = await createLibp2p({
  addresses: { listen: ["/p2p-circuit", "/webrtc"] },
  transports: [webSockets(), circuitRelayTransport(), webRTC({ rtcConfiguration: {} })],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  // The first burst on a new connection can take Chromium 20 seconds, and pings wait behind it.
  connectionMonitor: { pingTimeout: { minTimeout: 30_000 } },
  // It would not dial private addresses, and the node of the test is at one.
  connectionGater: { denyDialMultiaddr: () => false },
  services: { identify: identify(), ping: ping() },
});

const ends: string[] = [];
const beats = new Map<string, number>();

await node.handle(PROTOCOL, (stream) => {
  void serve(stream).then(
    () => ends.push("done"),
    (error: unknown) => ends.push(error instanceof Error ? error.name : String(error)),
  );
});

async function serve(stream: Stream): Promise<void> {
  for await (const bytes of stream) if (!stream.send(bytes)) await stream.onDrain();
  await stream.close();
}

function wire(stream: Stream): Wire {
  const pieces = stream[Symbol.asyncIterator]();
  return {
    async write(bytes) {
      if (!stream.send(bytes)) await stream.onDrain();
    },
    async read() {
      const next = await pieces.next();
      return next.done === true ? undefined : next.value.subarray();
    },
    close: () => stream.close(),
    reset: () => stream.abort(new Error("given up by the test")),
  };
}

function connections(peer: string): Connection[] {
  return node.getConnections(peerIdFromString(peer));
}

function direct(peer: string): Connection | undefined {
  return connections(peer).find(({ limits }) => limits === undefined);
}

const peer: Peer = {
  id: node.peerId.toString(),
  async reserve(address) {
    await node.dial(multiaddr(address));
    const reserved = () =>
      node.getMultiaddrs().find((own) => own.toString().includes("/p2p-circuit/webrtc/"));
    while (!reserved())
      await new Promise((resolve) =>
        node.addEventListener("self:peer:update", resolve, { once: true }),
      );
    return String(reserved());
  },
  async dial(address) {
    await node.dial(multiaddr(address));
  },
  async open(peer) {
    const connection = direct(peer);
    if (!connection) throw new Error("no direct connection");
    return wire(await connection.newStream(PROTOCOL));
  },
  paths: (peer) =>
    connections(peer).map(({ limits }) => (limits === undefined ? "direct" : "relayed")),
  served: () => ends,
  hangup(peer) {
    void node.hangUp(peerIdFromString(peer));
  },
};

/** Its monitor pings every connection and ends those where that fails; the time it took is set then. */
node.addEventListener("connection:open", ({ detail: connection }) => {
  if (connection.limits !== undefined) return;
  const name = connection.remotePeer.toString();
  let time: number | undefined;
  Object.defineProperty(connection, "rtt", {
    get: () => time,
    set(value: number) {
      time = value;
      beats.set(name, (beats.get(name) ?? 0) + 1);
    },
  });
});

globalThis.echoActs = acts;
globalThis.echoBeats = (peer) => beats.get(peer) ?? 0;
globalThis.echoPeer = peer;
