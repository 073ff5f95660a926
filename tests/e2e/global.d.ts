import type { Covey, Room } from "../../wasm/ts/types";

declare global {
  /** The page's interface for embedding and debugging. */
  var covey: Covey | undefined;
  var coveyRoom: Room | undefined;
  /** Every connection the page made; put there by the harness before the page's own scripts. */
  var coveyPeers: RTCPeerConnection[];
  /** Makes the storage work again in a page where a test broke it. */
  var coveyHeal: (() => void) | undefined;
  /** Tells the page of an attacker what to do; only in the module that is built for it. */
  var coveyMisbehave: ((attack?: string) => void) | undefined;
  /** When marks were sent and came, by the clock that all pages of a machine share. */
  var coveyMarks: { sent: Record<string, number>; came: Record<string, number> };
  /** The memory of the page's module. */
  var coveyMemory: WebAssembly.Memory | undefined;
  /** How long each task took that took long, in milliseconds. */
  var coveyTasks: number[] | undefined;
  /** Every data channel the page opened. */
  var coveyChannels: RTCDataChannel[];
}
