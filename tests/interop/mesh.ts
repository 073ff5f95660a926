/** The network of a room without the room, at the node that the address names. */
import init, { MeshPeer } from "covey-echo";
import * as acts from "./acts";

await init();
globalThis.echoActs = acts;
globalThis.meshPeer = new MeshPeer(location.hash.slice(1));
