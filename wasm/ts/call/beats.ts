/** Beats on a data channel: somebody who sends neither sound nor pictures is heard all the same. */

/** More than this in one second is no beat any more. */
const FLOOD = 50;

export class Beats {
  private readonly channel: RTCDataChannel;
  private came = 0;
  private since = 0;

  /** Hears beats, until they are a flood. */
  constructor(pc: RTCPeerConnection, heard: () => void, flooded: () => void) {
    // Negotiated by both sides alike, so that it needs no message of its own. A beat that is late is worth nothing.
    this.channel = pc.createDataChannel("beats", {
      negotiated: true,
      id: 0,
      ordered: false,
      maxRetransmits: 0,
    });
    this.channel.onmessage = () => {
      const now = performance.now();
      if (now - this.since > 1_000) [this.since, this.came] = [now, 0];
      this.came += 1;
      if (this.came <= FLOOD) heard();
      else {
        this.close();
        flooded();
      }
    };
  }

  /** Sends one, unless those before are still waiting. */
  send(): void {
    if (this.channel.readyState !== "open" || this.channel.bufferedAmount > 0) return;
    try {
      this.channel.send("");
    } catch {
      // It was closed a moment ago.
    }
  }

  close(): void {
    this.channel.onmessage = null;
    this.channel.close();
  }
}
