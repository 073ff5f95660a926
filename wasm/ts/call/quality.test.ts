/** From reports as the browsers give them to what the engine and the page are told. */
import { expect, test } from "vitest";
import { qualityOf, sampleOf, valuesOf } from "./quality.js";
import { cameBetween, grown, readingOf } from "./stats.js";

const places = { mids: ["0", "1", "2", "3"], tracks: ["ta", "tv", "ts", "tx"], own: [undefined, "cam"] };

type Stat = Record<string, unknown> & { id: string };

const report = (...all: Stat[]) => new Map(all.map((stat) => [stat.id, stat]));

/** A second of Chromium with a camera and a microphone both ways, at the given second. */
function chromium(second: number) {
  return report(
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    {
      id: "P",
      type: "candidate-pair",
      currentRoundTripTime: 0.04,
      availableOutgoingBitrate: 2_000_000,
      localCandidateId: "L",
      remoteCandidateId: "R",
    },
    { id: "Q", type: "candidate-pair", currentRoundTripTime: 9, nominated: true, state: "succeeded" },
    { id: "L", type: "local-candidate", candidateType: "host" },
    { id: "R", type: "remote-candidate", candidateType: "prflx" },
    { id: "C", type: "codec", mimeType: "video/VP8" },
    {
      id: "OA",
      type: "outbound-rtp",
      kind: "audio",
      mid: "0",
      bytesSent: second * 4_000,
      headerBytesSent: second * 1_000,
      packetsSent: second * 50,
      remoteId: "RA",
    },
    {
      id: "OV",
      type: "outbound-rtp",
      kind: "video",
      mid: "1",
      bytesSent: second * 100_000,
      headerBytesSent: second * 2_500,
      packetsSent: second * 100,
      framesEncoded: second * 30,
      qualityLimitationReason: "cpu",
      frameWidth: 1280,
      frameHeight: 720,
      codecId: "C",
      remoteId: "RV",
    },
    {
      id: "RA",
      type: "remote-inbound-rtp",
      kind: "audio",
      timestamp: 1,
      fractionLost: 0.5,
      roundTripTime: 7,
    },
    {
      id: "RV",
      type: "remote-inbound-rtp",
      kind: "video",
      timestamp: second,
      fractionLost: 0.1,
      roundTripTime: 0.05,
    },
    {
      id: "IA",
      type: "inbound-rtp",
      kind: "audio",
      mid: "0",
      packetsReceived: second * 50,
      bytesReceived: second * 4_000,
      totalSamplesReceived: second * 48_000,
      concealedSamples: second * 9_600,
      silentConcealedSamples: second * 4_800,
      jitter: 0.007,
    },
    {
      id: "IV",
      type: "inbound-rtp",
      kind: "video",
      mid: "1",
      packetsReceived: second * 20,
      bytesReceived: second * 20_000,
      framesDecoded: second * 15,
      frameWidth: 320,
      frameHeight: 180,
      codecId: "C",
    },
  );
}

const between = (from: number, to: number) =>
  [readingOf(chromium(from), from * 1_000, places), readingOf(chromium(to), to * 1_000, places)] as const;

test("a second of Chromium", () => {
  const quality = qualityOf(...between(3, 4), new Set(["camera"]));
  expect(quality).toMatchObject({
    roundTrip: 50,
    available: 2_000_000,
    up: 8 * 107_500,
    down: 8 * 24_000,
    rate: 15,
    limitedByCpu: true,
    path: "direct",
    jitter: 7,
    sent: { codec: "VP8", width: 1280, height: 720, rate: 30 },
    received: { codec: "VP8", width: 320, height: 180, rate: 15 },
  });
  expect(quality.concealed).toBeCloseTo(0.1);
  expect(quality.videoLoss).toBeCloseTo(0.1);
  expect(quality.audioLoss, "the report is not a new one").toBeNaN();
  const values = [...valuesOf(0, quality)];
  expect(values.slice(0, 2)).toEqual([0, 50]);
  expect(values.slice(4, 7)).toEqual([2_000_000, 860_000, 15]);
  expect(values[8]).toBe(1);
  expect(values.length).toBe(9);
});

test("of what is not shown no rate is told", () => {
  expect(qualityOf(...between(3, 4), new Set()).rate).toBeNaN();
  expect(qualityOf(...between(3, 4), new Set(["screen"])).rate).toBeNaN();
});

test("counters that begin again at 0 are no leap", () => {
  const quality = qualityOf(...between(100, 1), new Set(["camera"]));
  expect(quality.up).toBeGreaterThan(0);
  expect(grown(100, 3)).toBe(3);
  expect(grown(undefined, 3)).toBe(3);
  expect(grown(3, undefined)).toBe(0);
});

test("a second of Firefox, which has less", () => {
  const firefox = (second: number) =>
    readingOf(
      report(
        { id: "a", type: "candidate-pair", nominated: true, state: "failed", localCandidateId: "x" },
        {
          id: "b",
          type: "candidate-pair",
          selected: true,
          state: "succeeded",
          localCandidateId: "l",
          remoteCandidateId: "r",
        },
        { id: "l", type: "local-candidate", candidateType: "relay" },
        { id: "r", type: "remote-candidate", candidateType: "host" },
        {
          id: "o",
          type: "outbound-rtp",
          kind: "video",
          ssrc: 5,
          bytesSent: second * 50_000,
          packetsSent: second * 60,
          framesEncoded: second * 20,
          totalEncodeTime: second * 0.9,
        },
        { id: "m", type: "media-source", kind: "video", trackIdentifier: "cam", height: 480 },
        { id: "n", type: "media-source", kind: "video" },
        {
          id: "ri",
          type: "remote-inbound-rtp",
          kind: "video",
          ssrc: 5,
          localId: "o",
          timestamp: second,
          fractionLost: 0.02,
          roundTripTime: 0.08,
        },
        {
          id: "i",
          type: "inbound-rtp",
          mediaType: "audio",
          trackIdentifier: "tx",
          packetsReceived: second * 50,
          totalSamplesReceived: second * 48_000,
          concealedSamples: 0,
        },
      ),
      second * 1_000,
      places,
    );
  const [before, after] = [firefox(1), firefox(2)];
  const quality = qualityOf(before, after, new Set(["camera"]));
  expect(quality).toMatchObject({ roundTrip: 80, up: 400_000, limitedByCpu: true, path: "relayed" });
  expect(quality).toMatchObject({ concealed: 0, videoLoss: 0.02 });
  expect(qualityOf(after, after, new Set()).roundTrip, "no report is new").toBeNaN();
  expect(quality.available).toBeNaN();
  expect(after.received["screen-sound"]?.packets).toBe(100);
  expect(after.heights).toEqual({ camera: 480 });
  expect(cameBetween(before, after)).toBe(true);
  expect(cameBetween(after, after)).toBe(false);
});

test("an empty report says nothing", () => {
  const empty = readingOf(new Map(), 0, places);
  const quality = qualityOf(empty, { ...empty, at: 1_000 }, new Set(["camera", "screen"]));
  expect(quality).toMatchObject({ up: 0, down: 0, path: "unknown", sent: undefined, received: undefined });
  const values = valuesOf(Infinity, undefined);
  expect([...valuesOf(Infinity, quality)]).toEqual([...values]);
  expect([...values]).toEqual([Infinity, NaN, NaN, NaN, NaN, 0, NaN, NaN, 0]);
});

test("a sample keeps what was last known", () => {
  const first = sampleOf(1, qualityOf(...between(3, 4), new Set()), undefined);
  expect(first).toMatchObject({ at: 1, roundTrip: 50, loss: 0.1 });
  const empty = readingOf(new Map(), 0, places);
  const second = sampleOf(2, qualityOf(empty, empty, new Set()), first);
  expect(second).toMatchObject({ at: 2, roundTrip: 50, loss: 0.1, concealed: 0, up: 0 });
  expect(second).not.toHaveProperty("sent");
});
