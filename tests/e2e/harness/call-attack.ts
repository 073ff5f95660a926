/** A page that sends media though it may not: its browser is told that the others agreed. */

declare global {
  /** The attacker's camera and microphone, which stay open. */
  var coveyMedia: MediaStreamTrack[] | undefined;
}

/** Runs in the page before its own scripts: descriptions of others allow everything, and own ones seem to obey. */
export function sendAnyway(): void {
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const sdp = (description.sdp ?? "").replaceAll(/a=(sendonly|inactive)/g, "a=sendrecv");
      return super.setRemoteDescription({ type: description.type, sdp });
    }

    override async setLocalDescription(
      description?: RTCLocalSessionDescriptionInit,
    ): Promise<void> {
      for (const transceiver of this.getTransceivers()) transceiver.direction = "sendrecv";
      // One that was made before would not say so.
      const own = description?.type === "answer" ? await this.createAnswer() : description;
      return super.setLocalDescription(own);
    }

    override get localDescription(): RTCSessionDescription | null {
      const own = super.localDescription;
      if (own?.type !== "answer") return own;
      return new RTCSessionDescription({
        type: "answer",
        sdp: own.sdp.replaceAll("a=sendrecv", "a=recvonly"),
      });
    }
  };
}

/** Runs in the page: gives a camera and a microphone to the call, and to every connection behind its back. */
export async function sendTracks(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  globalThis.coveyMedia = stream.getTracks();
  const call = await globalThis.coveyRoom?.call();
  call?.setTrack("microphone", stream.getAudioTracks()[0] ?? null);
  call?.setTrack("camera", stream.getVideoTracks()[0] ?? null);
  for (const peer of globalThis.coveyPeers) {
    const [microphone, camera] = peer.getTransceivers();
    await microphone?.sender.replaceTrack(stream.getAudioTracks()[0] ?? null);
    await camera?.sender.replaceTrack(stream.getVideoTracks()[0] ?? null);
    for (const { sender } of [microphone, camera].filter((each) => each !== undefined)) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.active = true;
      if (parameters.encodings.length > 0) await sender.setParameters(parameters);
    }
  }
}

/** Runs in the page: how much media has left it. */
export async function sentBytes(): Promise<number> {
  let bytes = 0;
  for (const peer of globalThis.coveyPeers) {
    (await peer.getStats()).forEach((report: { type: string; bytesSent?: number }) => {
      if (report.type === "outbound-rtp") bytes += report.bytesSent ?? 0;
    });
  }
  return bytes;
}
