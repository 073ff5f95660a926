/** Encoded frames as a browser hands them out. Not all browsers do: what is missing is found out here. */

export interface EncodedFrame {
  readonly type: "key" | "delta" | "empty";
  readonly data: ArrayBuffer;
  getMetadata(): EncodedMetadata;
}

export interface EncodedMetadata {
  readonly frameId?: number;
  readonly dependencies?: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly temporalIndex?: number;
  readonly payloadType?: number;
  readonly mimeType?: string;
  readonly rtpTimestamp?: number;
}

/** The frames that a sender's encoder makes, and those that it sends. */
export interface EncodedStreams {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
}

type Constructor = new (frame: EncodedFrame, options?: { metadata: EncodedMetadata }) => EncodedFrame;

interface Able {
  createEncodedStreams?(): EncodedStreams;
}

function constructor(): Constructor | undefined {
  return (globalThis as { RTCEncodedVideoFrame?: Constructor }).RTCEncodedVideoFrame;
}

/** Whether frames of one sender can be given to others. */
export function copiesFrames(): boolean {
  if (typeof RTCRtpSender !== "function" || !constructor()) return false;
  return "createEncodedStreams" in RTCRtpSender.prototype;
}

/**
 * The frames of a sender, or nothing where the browser keeps them to itself. It must be asked in the task in which the
 * sender came to be: then it is not needed to declare it for the whole connection, which would lead every sound and
 * every picture, both ways, through the page.
 */
export function streamsOf(sender: RTCRtpSender): EncodedStreams | undefined {
  if (!copiesFrames()) return undefined;
  try {
    return (sender as Able).createEncodedStreams?.();
  } catch {
    return undefined;
  }
}

/** The same frame for another sender, at another time of that one's clock. Throws where the browser refuses. */
export function copyOf(frame: EncodedFrame, metadata: EncodedMetadata, rtpTimestamp: number): EncodedFrame {
  const Frame = constructor();
  if (!Frame) throw new TypeError("no RTCEncodedVideoFrame");
  return new Frame(frame, { metadata: { ...metadata, rtpTimestamp } });
}

/** Does something with every frame until there are no more. */
export async function each(frames: ReadableStream<EncodedFrame>, take: (frame: EncodedFrame) => void) {
  const reader = frames.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      take(value);
    }
  } catch {
    // The sender is gone.
  }
}
