/** How recordings are encoded here. */

export interface Format {
  readonly type: string;
  /** Bits a second. */
  readonly video: number;
  readonly audio: number;
}

/** VP8 first: it costs the least while the call itself is encoding. */
const TYPES = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];

/** Undefined where the browser can't record. */
export function formatOf(): Format | undefined {
  if (!("MediaRecorder" in globalThis) || !("captureStream" in HTMLCanvasElement.prototype)) return undefined;
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
  return type === undefined ? undefined : { type, video: 2_000_000, audio: 96_000 };
}
