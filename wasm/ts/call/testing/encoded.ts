/** Encoded frames, and a sender's streams of them, which a test fills and reads. */
import type { EncodedFrame, EncodedMetadata, EncodedStreams } from "../frames/encoded.js";

export class FakeFrame implements EncodedFrame {
  readonly data = new ArrayBuffer(100);
  readonly type: EncodedFrame["type"];
  private readonly metadata: EncodedMetadata;

  constructor(of: FakeFrame | "key" | "delta", options: { metadata: EncodedMetadata }) {
    this.type = typeof of === "string" ? of : of.type;
    this.metadata = options.metadata;
  }

  getMetadata(): EncodedMetadata {
    return this.metadata;
  }
}

const VP8 = { payloadType: 96, mimeType: "video/VP8" };

/** The frames of an encoder: each depends on the last one of a lower layer. */
export class FakeEncoder {
  private id = 0;
  private readonly lastOf = [0, 0, 0];

  constructor(
    private readonly beginning: number,
    private readonly height: number,
    private readonly about: EncodedMetadata = VP8,
  ) {}

  key(now: number): FakeFrame {
    this.lastOf.fill(this.id + 1);
    return this.frame("key", 0, [], now);
  }

  delta(now: number, layer = 0): FakeFrame {
    const below = Math.max(...this.lastOf.slice(0, Math.max(1, layer)));
    this.lastOf[layer] = this.id + 1;
    return this.frame("delta", layer, [below], now);
  }

  private frame(
    type: "key" | "delta",
    temporalIndex: number,
    dependencies: number[],
    now: number,
  ): FakeFrame {
    const { about, height } = this;
    const rtpTimestamp = (this.beginning + now * 90) >>> 0;
    const frameId = (this.id += 1);
    const width = (height * 16) / 9;
    return new FakeFrame(type, {
      metadata: {
        ...about,
        frameId,
        dependencies,
        temporalIndex,
        rtpTimestamp,
        height,
        width,
      },
    });
  }
}

/** Streams, what was written to them, and the way to put a frame of the own encoder in. */
export function fakeStreams() {
  const written: EncodedFrame[] = [];
  let put: (frame: EncodedFrame) => void = () => undefined;
  const streams: EncodedStreams = {
    readable: new ReadableStream({
      start: (controller) => void (put = (frame) => controller.enqueue(frame)),
    }),
    writable: new WritableStream({
      write: (frame) => void written.push(frame),
    }),
  };
  return { streams, written, put: (frame: EncodedFrame) => put(frame) };
}
