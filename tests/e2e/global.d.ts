import type { Covey, Room } from "../../wasm/ts/types";

declare global {
  /** What the page offers to whoever embeds or debugs it. */
  var covey: Covey | undefined;
  var coveyRoom: Room | undefined;
  /** Every connection the page made; put there by the harness before the page's own scripts. */
  var coveyPeers: RTCPeerConnection[];
  /** Makes the storage work again in a page where a test broke it. */
  var coveyHeal: (() => void) | undefined;
}
