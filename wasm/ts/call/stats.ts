/** The statistics of a connection that are read. Firefox has about half of them: a missing one is `NaN`. */
import { SOURCES } from "./flags.js";
import type { SentFrames } from "./frames/frames.js";
import type { Picture, Sample, Source } from "./types.js";

/** Counters of one stream that is sent. */
interface Sent {
  bytes: number;
  packets: number;
  frames: number;
  encodeTime: number;
  limitedByCpu: boolean | undefined;
  codec: string;
  width: number;
  height: number;
  /** The last report of the other side: when it came, the share lost, and the round trip that it shows. */
  reported: number;
  loss: number;
  /** Milliseconds. */
  roundTrip: number;
}

/** Counters of one stream that is received. */
interface Received {
  bytes: number;
  packets: number;
  frames: number;
  samples: number;
  concealed: number;
  /** Of those, the ones made up as silence. */
  silent: number;
  jitter: number;
  codec: string;
  width: number;
  height: number;
}

/** Everything that is read at one time. */
export interface Reading {
  readonly at: number;
  readonly sent: Partial<Record<Source, Sent>>;
  readonly received: Partial<Record<Source, Received>>;
  /** Milliseconds, as ICE measures it: every few seconds. */
  readonly roundTrip: number;
  /** Bits per second. */
  readonly available: number;
  readonly path: Sample["path"];
  /** Of the pictures that are encoded, before they are made smaller, in pixels. */
  readonly heights: Partial<Record<Source, number>>;
}

/** In the order of the transceivers: their mids, and the ids of the tracks that are received and sent. */
export interface Places {
  readonly mids: readonly (string | null)[];
  readonly tracks: readonly string[];
  readonly own: readonly (string | undefined)[];
}

type Stat = Record<string, unknown> & { id: string; type: string };

/** Reads a report. */
export function readingOf(report: ReadonlyMap<string, unknown>, at: number, places: Places): Reading {
  const all = [...report.values()] as Stat[];
  const sent: Reading["sent"] = {};
  const received: Reading["received"] = {};
  const heights: Reading["heights"] = {};
  for (const stat of all) {
    const own = stat.type === "media-source" && SOURCES[places.own.indexOf(stat.trackIdentifier as string)];
    if (own && number(stat.height) > 0) heights[own] = number(stat.height);
    const source = sourceOf(stat, places);
    if (!source) continue;
    if (stat.type === "outbound-rtp") sent[source] = sentOf(stat, report, all);
    if (stat.type === "inbound-rtp") received[source] = receivedOf(stat, report);
  }
  const pair = selectedPair(all, report);
  return {
    at,
    sent,
    received,
    roundTrip: number(pair?.currentRoundTripTime) * 1_000,
    available: number(pair?.availableOutgoingBitrate),
    path: pathOf(pair, report),
    heights,
  };
}

/** The same where frames of the camera were not the sender's own. */
export function withSent(reading: Reading, frames: SentFrames | undefined): Reading {
  const { camera } = reading.sent;
  if (!camera || !frames) return reading;
  const { limitedByCpu = camera.limitedByCpu, ...counted } = frames;
  return { ...reading, sent: { ...reading.sent, camera: { ...camera, ...counted, limitedByCpu } } };
}

/** Whether a packet of sound or picture came between two readings. */
export function cameBetween(before: Reading, after: Reading): boolean {
  return SOURCES.some(
    (source) => grown(before.received[source]?.packets, after.received[source]?.packets) > 0,
  );
}

/** The growth of a counter. One that has become smaller began again at 0. */
export function grown(before: number | undefined, after: number | undefined): number {
  const [from, to] = [before ?? 0, after ?? 0];
  return to < from ? to : to - from;
}

export function pictureOf(picture: Pick<Sent, "codec" | "width" | "height">, rate: number): Picture {
  const { codec, width, height } = picture;
  return { codec, width, height, rate };
}

function sourceOf(stat: Stat, { mids, tracks }: Places): Source | undefined {
  if (stat.type !== "outbound-rtp" && stat.type !== "inbound-rtp") return undefined;
  const byMid = typeof stat.mid === "string" ? mids.indexOf(stat.mid) : -1;
  if (byMid >= 0) return SOURCES[byMid];
  const byTrack = typeof stat.trackIdentifier === "string" ? tracks.indexOf(stat.trackIdentifier) : -1;
  if (byTrack >= 0) return SOURCES[byTrack];
  return kind(stat) === "audio" ? "microphone" : "camera";
}

function sentOf(stat: Stat, report: ReadonlyMap<string, unknown>, all: readonly Stat[]): Sent {
  const remote =
    at(report, stat.remoteId) ??
    all.find(
      ({ type, localId, ssrc }) =>
        type === "remote-inbound-rtp" && (localId === stat.id || ssrc === stat.ssrc),
    );
  const limit = stat.qualityLimitationReason;
  return {
    bytes: (number(stat.bytesSent) || 0) + (number(stat.headerBytesSent) || 0),
    packets: number(stat.packetsSent) || 0,
    frames: number(stat.framesEncoded) || 0,
    encodeTime: number(stat.totalEncodeTime) || 0,
    limitedByCpu: typeof limit === "string" ? limit === "cpu" : undefined,
    codec: codecOf(stat, report),
    width: number(stat.frameWidth) || 0,
    height: number(stat.frameHeight) || 0,
    reported: number(remote?.timestamp),
    loss: number(remote?.fractionLost),
    roundTrip: remote ? roundTripOf(remote) : NaN,
  };
}

function receivedOf(stat: Stat, report: ReadonlyMap<string, unknown>): Received {
  return {
    bytes: (number(stat.bytesReceived) || 0) + (number(stat.headerBytesReceived) || 0),
    packets: number(stat.packetsReceived) || 0,
    frames: number(stat.framesDecoded) || 0,
    samples: number(stat.totalSamplesReceived) || 0,
    concealed: number(stat.concealedSamples) || 0,
    silent: number(stat.silentConcealedSamples) || 0,
    jitter: number(stat.jitter) * 1_000,
    codec: codecOf(stat, report),
    width: number(stat.frameWidth) || 0,
    height: number(stat.frameHeight) || 0,
  };
}

function roundTripOf(stat: Stat): number {
  const seconds = number(stat.roundTripTime);
  // Some say 0 before the first measurement.
  return seconds > 0 ? seconds * 1_000 : NaN;
}

/** Chromium names the pair at the transport; Firefox marks it. */
function selectedPair(all: readonly Stat[], report: ReadonlyMap<string, unknown>): Stat | undefined {
  const transport = all.find(
    ({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId,
  );
  const named = transport && at(report, transport.selectedCandidatePairId);
  if (named) return named;
  const pairs = all.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ nominated, state }) => nominated === true && state === "succeeded")
  );
}

function pathOf(pair: Stat | undefined, report: ReadonlyMap<string, unknown>): Sample["path"] {
  const ends = [at(report, pair?.localCandidateId), at(report, pair?.remoteCandidateId)];
  if (ends.some((end) => end?.candidateType === "relay")) return "relayed";
  return ends.every((end) => end !== undefined) ? "direct" : "unknown";
}

function codecOf(stat: Stat, report: ReadonlyMap<string, unknown>): string {
  const name = at(report, stat.codecId)?.mimeType;
  return typeof name === "string" ? name.slice(name.indexOf("/") + 1) : "";
}

function at(report: ReadonlyMap<string, unknown>, id: unknown): Stat | undefined {
  return typeof id === "string" ? (report.get(id) as Stat | undefined) : undefined;
}

function kind(stat: Stat): unknown {
  return stat.kind ?? stat.mediaType;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : NaN;
}
