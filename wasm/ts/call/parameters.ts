/** From an order to the parameters of a sender. */
import type { Order } from "./port.js";

/** The encoding of one sender. */
export interface Material {
  readonly kind: "audio" | "video";
  /** Of the track, in pixels; unknown before its first frame. */
  readonly height: number | undefined;
  /** A shared screen, or its sound. */
  readonly screen: boolean;
  readonly contentHint: string;
  /** It began a moment ago. */
  readonly starting: boolean;
  /** Frames come from elsewhere: those of the sender's own encoder only keep it going. */
  readonly copied: boolean;
}

/** In pixels, and frames a second: a receiver that asks for a key frame waits for the next one. */
const KEPT_GOING = { height: 16, rate: 4 };
/** Of sound, in bits a second: what others ask for in their descriptions does not raise it. */
const MOST_SOUND = { microphone: 40_000, screen: 96_000 };
/** Of a track whose height is not known yet. */
const USUAL_HEIGHT = 720;

/**
 * Changes the parameters as ordered; without an order the browser decides, up to a limit for sound. Nothing is changed
 * where a sender has no encodings yet.
 */
export function steer(
  parameters: RTCRtpSendParameters,
  order: Order | undefined,
  material: Material,
): RTCRtpSendParameters {
  const [encoding] = parameters.encodings as (RTCRtpEncodingParameters | undefined)[];
  if (!encoding) return parameters;
  if (order) {
    encoding.active = order.bitrate > 0;
    if (order.bitrate > 0) encoding.maxBitrate = Math.round(order.bitrate);
  }
  if (material.kind === "audio") {
    const most = material.screen ? MOST_SOUND.screen : MOST_SOUND.microphone;
    encoding.maxBitrate = Math.min(most, encoding.maxBitrate ?? most);
    return parameters;
  }
  if (order && order.bitrate > 0) {
    encoding.scaleResolutionDownBy = reduction(material.height, order.height);
    if (order.rate > 0) encoding.maxFramerate = order.rate;
    if (material.copied) {
      encoding.scaleResolutionDownBy = reduction(material.height ?? USUAL_HEIGHT, KEPT_GOING.height);
      encoding.maxFramerate = KEPT_GOING.rate;
    }
  }
  parameters.degradationPreference = preference(material);
  return parameters;
}

/** By how much a picture is made smaller: never larger than it is. */
export function reduction(height: number | undefined, most: number): number {
  if (!height || !(most > 0)) return 1;
  return Math.max(1, height / most);
}

/** The quality that suffers where there is not room for everything. */
export function preference({ screen, contentHint, starting, copied }: Material): RTCDegradationPreference {
  if (screen) return contentHint === "motion" ? "maintain-framerate" : "maintain-resolution";
  // Balanced from the start, an encoder begins small and takes 20 s and more to grow.
  return starting || copied ? "maintain-resolution" : "balanced";
}
