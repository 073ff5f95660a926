/** Media that a page sends and gets in a call, by the counters of its browser. */
import type { Page } from "playwright-core";

/** Sums over the connections that are open. */
export interface Flow {
  /** By the page's clock, in milliseconds. */
  at: number;
  /** Bytes of pictures that were sent, each once. */
  video: number;
  /** Samples of sound that were played, and those of them that were made up. */
  samples: number;
  concealed: number;
}

interface Report {
  type: string;
  kind?: string;
  bytesSent?: number;
  retransmittedBytesSent?: number;
  totalSamplesReceived?: number;
  concealedSamples?: number;
}

export function flow(page: Page): Promise<Flow> {
  return page.evaluate(async () => {
    const sum = { at: 0, video: 0, samples: 0, concealed: 0 };
    for (const peer of globalThis.coveyPeers) {
      if (peer.signalingState === "closed") continue;
      (await peer.getStats()).forEach((report: Report) => {
        if (report.type === "outbound-rtp" && report.kind === "video")
          sum.video += (report.bytesSent ?? 0) - (report.retransmittedBytesSent ?? 0);
        if (report.type !== "inbound-rtp" || report.kind !== "audio") return;
        sum.samples += report.totalSamplesReceived ?? 0;
        sum.concealed += report.concealedSamples ?? 0;
      });
    }
    return { ...sum, at: performance.now() };
  });
}

/** The share of the sound between two looks that was made up. */
export function concealed(before: Flow, after: Flow): number {
  return (after.concealed - before.concealed) / Math.max(1, after.samples - before.samples);
}

/** The bits a second of a page's pictures between two looks. */
export function bits(before: Flow, after: Flow): number {
  return (8_000 * (after.video - before.video)) / (after.at - before.at);
}

/** Measures the bits a second of a page's pictures, over the last second, once it has looked for one. */
export function videoRate(page: Page): () => Promise<number | undefined> {
  const looks: Flow[] = [];
  return async () => {
    const now = await flow(page);
    looks.push(now);
    const since = looks.findLastIndex((look) => look.at <= now.at - 1_000);
    const first = looks[since];
    return first && bits(first, now);
  };
}
