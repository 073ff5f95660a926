/** The floor: one data channel, trickle ICE, and a signalling server that passes on what it is told. */

type Signal = { ready: true } | RTCSessionDescriptionInit | { candidate: RTCIceCandidateInit };

/** Meets whoever else is at this address of the signalling server; `heard` is told what comes. */
export function channel(
  place: string,
  heard: (message: MessageEvent) => void,
): Promise<RTCDataChannel> {
  const signalling = new WebSocket(place);
  const peer = new RTCPeerConnection();
  const tell = (signal: Signal) => signalling.send(JSON.stringify(signal));
  // A candidate that comes before the description it belongs to is an error to the other.
  let described = () => undefined as unknown;
  const description = new Promise<void>((resolve) => (described = resolve));
  peer.onicecandidate = ({ candidate }) => {
    if (candidate) void description.then(() => tell({ candidate: candidate.toJSON() }));
  };
  return new Promise((resolve) => {
    const opened = (channel: RTCDataChannel) => {
      channel.binaryType = "arraybuffer";
      // The other may speak before this side is told that it is open; what this side sends before that,
      // Chromium loses now and then, whatever `readyState` says.
      channel.onmessage = heard;
      channel.onopen = () => resolve(channel);
    };
    const take = async (signal: Signal) => {
      if ("ready" in signal) {
        opened(peer.createDataChannel("floor"));
        await peer.setLocalDescription();
      } else if ("candidate" in signal) return peer.addIceCandidate(signal.candidate);
      else {
        await peer.setRemoteDescription(signal);
        if (signal.type === "answer") return;
        await peer.setLocalDescription();
      }
      if (peer.localDescription) tell(peer.localDescription.toJSON());
      described();
    };
    let before = Promise.resolve();
    peer.ondatachannel = ({ channel }) => opened(channel);
    signalling.onmessage = ({ data }: MessageEvent<string>) => {
      before = before.then(() => take(JSON.parse(data) as Signal));
    };
  });
}
