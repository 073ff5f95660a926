/** The quality of a connection, by two readings about a second apart. */
import { SOURCES } from "./flags.js";
import { grown, pictureOf, type Reading } from "./stats.js";
import type { Picture, Sample, Source } from "./types.js";

/** The encoders of a browser that does not say what limits it are limited by the CPU above this share of the time. */
const BUSY = 0.8;

export interface Quality {
  readonly roundTrip: number;
  readonly videoLoss: number;
  readonly audioLoss: number;
  readonly available: number;
  /** Bits per second. */
  readonly up: number;
  readonly down: number;
  /** Frames a second of what is shown. */
  readonly rate: number;
  readonly concealed: number;
  readonly jitter: number;
  readonly limitedByCpu: boolean;
  readonly path: Sample["path"];
  readonly sent: Picture | undefined;
  readonly received: Picture | undefined;
}

const SOUND = ["microphone", "screen-sound"] as const;
/** A screen is looked at rather than a face. */
const PICTURE = ["screen", "camera"] as const;

/** `shown` is what this page shows of the other side. */
export function qualityOf(before: Reading, after: Reading, shown: ReadonlySet<Source>): Quality {
  const seconds = Math.max(0.001, (after.at - before.at) / 1_000);
  const sentSince = (source: Source) => grown(before.sent[source]?.packets, after.sent[source]?.packets);
  const received = (source: Source) => [before.received[source], after.received[source]] as const;
  const rateOf = (source: Source) => {
    const [from, to] = received(source);
    return to ? grown(from?.frames, to.frames) / seconds : NaN;
  };
  return {
    roundTrip: roundTripOf(before, after),
    videoLoss: lossOf(before, after, PICTURE),
    audioLoss: lossOf(before, after, SOUND),
    available: after.available,
    up: bitrate(before.sent, after.sent, seconds),
    down: bitrate(before.received, after.received, seconds),
    // A camera's frames come at a steady rate, a screen's only where something moves.
    rate: shown.has("camera") ? rateOf("camera") : shown.has("screen") ? rateOf("screen") : NaN,
    concealed: concealedOf(before, after),
    jitter: Math.max(...SOUND.map((source) => after.received[source]?.jitter ?? NaN).filter(finite), 0),
    limitedByCpu: limitedByCpu(before, after, seconds),
    path: after.path,
    sent: shownPicture(after.sent, (source) => {
      const frames = grown(before.sent[source]?.frames, after.sent[source]?.frames) / seconds;
      return sentSince(source) > 0 ? frames : 0;
    }),
    received: shownPicture(after.received, rateOf),
  };
}

/** The numbers of `callMeasured`, in their order. */
export function valuesOf(silence: number, quality: Quality | undefined): Float64Array {
  const { roundTrip, videoLoss, audioLoss, available, up, rate, concealed } = quality ?? UNKNOWN;
  const limited = quality?.limitedByCpu ? 1 : 0;
  return Float64Array.of(silence, roundTrip, videoLoss, audioLoss, available, up, rate, concealed, limited);
}

/** Numbers to plot: one that is not known is that of the sample before, or 0. */
export function sampleOf(at: number, quality: Quality, before: Sample | undefined): Sample {
  const or = (value: number, otherwise: number | undefined) => (finite(value) ? value : (otherwise ?? 0));
  const losses = [quality.videoLoss, quality.audioLoss].filter(finite);
  return {
    at,
    up: quality.up,
    down: quality.down,
    loss: losses.length > 0 ? Math.max(...losses) : (before?.loss ?? 0),
    concealed: or(quality.concealed, 0),
    jitter: quality.jitter,
    roundTrip: or(quality.roundTrip, before?.roundTrip),
    path: quality.path,
    ...(quality.sent && { sent: quality.sent }),
    ...(quality.received && { received: quality.received }),
  };
}

const UNKNOWN = {
  roundTrip: NaN,
  videoLoss: NaN,
  audioLoss: NaN,
  available: NaN,
  up: 0,
  rate: NaN,
  concealed: NaN,
};

/** By the reports that are new, which show a queue sooner; else as ICE has it. */
function roundTripOf(before: Reading, after: Reading): number {
  const reported = SOURCES.map((source) => {
    const [from, to] = [before.sent[source], after.sent[source]];
    return to && to.reported !== from?.reported ? to.roundTrip : NaN;
  }).filter(finite);
  return reported.length > 0 ? Math.max(...reported) : after.roundTrip;
}

/** The share of packets lost by the reports that are new, weighed by how much was sent. */
function lossOf(before: Reading, after: Reading, sources: readonly Source[]): number {
  let packets = 0;
  let lost = 0;
  for (const source of sources) {
    const [from, to] = [before.sent[source], after.sent[source]];
    if (!to || !finite(to.loss) || to.reported === from?.reported) continue;
    const sent = grown(from?.packets, to.packets);
    packets += sent;
    lost += sent * to.loss;
  }
  return packets > 0 ? Math.min(1, Math.max(0, lost / packets)) : NaN;
}

function bitrate(
  before: Partial<Record<Source, { bytes: number }>>,
  after: Partial<Record<Source, { bytes: number }>>,
  seconds: number,
): number {
  const sources = Object.keys(after) as Source[];
  const bytes = sources.reduce((sum, each) => sum + grown(before[each]?.bytes, after[each]?.bytes), 0);
  return (bytes * 8) / seconds;
}

function concealedOf(before: Reading, after: Reading): number {
  let samples = 0;
  let concealed = 0;
  for (const source of SOUND) {
    const [from, to] = [before.received[source], after.received[source]];
    samples += grown(from?.samples, to?.samples);
    concealed += Math.max(0, grown(from?.concealed, to?.concealed) - grown(from?.silent, to?.silent));
  }
  return samples > 0 ? Math.min(1, concealed / samples) : NaN;
}

function limitedByCpu(before: Reading, after: Reading, seconds: number): boolean {
  return PICTURE.some((source) => {
    const [from, to] = [before.sent[source], after.sent[source]];
    if (!to) return false;
    return to.limitedByCpu ?? grown(from?.encodeTime, to.encodeTime) / seconds > BUSY;
  });
}

function shownPicture(
  all: Reading["sent"] | Reading["received"],
  rateOf: (source: Source) => number,
): Picture | undefined {
  for (const source of PICTURE) {
    const one = all[source];
    if (!one) continue;
    const rate = rateOf(source);
    if (one.height > 0 && rate > 0) return pictureOf(one, rate);
  }
  return undefined;
}

function finite(value: number): boolean {
  return Number.isFinite(value);
}
