/** What a test asks of a page, whichever implementation of libp2p is in it. */

/** The protocol that sends back what it gets. */
export const PROTOCOL = "/covey-test/echo/1";

/** A stream of the echo protocol. */
export interface Wire {
  write(bytes: Uint8Array): Promise<void>;
  /** The next bytes; none after the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Ends this side's half, and resolves when that is done. */
  close(): Promise<void>;
  /** Gives the stream up. */
  reset(): void;
}

/** A peer that serves the echo protocol. */
export interface Peer {
  readonly id: string;
  /** Reserves a place at a node; the address at which others dial this peer. */
  reserve(node: string): Promise<string>;
  dial(address: string): Promise<void>;
  /** Opens a stream on a direct connection. */
  open(peer: string): Promise<Wire>;
  /** How the connections to a peer reach it. */
  paths(peer: string): string[];
  /** How the streams that were served ended: `done`, or what went wrong. */
  served(): string[];
  hangup(peer: string): void;
}

/** The network of a room without the room. */
export interface Mesh {
  id(): string;
  reserved(): boolean;
  dial(seat: string): void;
  hangup(seat: string): void;
  send(seat: string): void;
  /** How many messages came. */
  frames(): number;
  /** How a seat is reached. */
  path(seat: string): string | undefined;
  connections(seat: string): number;
}

declare global {
  /** The peer in the page. */
  var echoPeer: Peer;
  /** The network in the page, at the node that it was made with. */
  var meshPeer: Mesh;
  /** Runs the scenarios of a disk: each one's name, and `passed` or what is wrong. */
  var diskScenarios: () => Promise<Record<string, string>>;
  /** What tests do with it. */
  var echoActs: typeof import("./acts");
  /** Pings that a js-libp2p peer sent on its direct connection to a peer, and got back. */
  var echoBeats: (peer: string) => number;
  /** Every connection and channel of the page; put there before its own scripts. */
  var echoWatched: { peers: RTCPeerConnection[]; channels: RTCDataChannel[] };
}
