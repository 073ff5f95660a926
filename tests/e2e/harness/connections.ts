/** The page's own reports about its connections. */
import type { Person } from "./person";

export interface Pair {
  local: string;
  remote: string;
}

/** The fields of the reports of `getStats` that are read. */
interface Report {
  id: string;
  type: string;
  selectedCandidatePairId?: string;
  localCandidateId?: string;
  remoteCandidateId?: string;
  candidateType?: string;
}

/** The selected candidate pairs of all connections that stand, by the kinds of their candidates. */
export function selectedPairs(person: Person): Promise<Pair[]> {
  return person.page.evaluate(async () => {
    const pairs: { local: string; remote: string }[] = [];
    for (const peer of globalThis.coveyPeers) {
      if (peer.connectionState !== "connected") continue;
      const stats = new Map<string, Report>();
      (await peer.getStats()).forEach((report: Report) => stats.set(report.id, report));
      const kind = (id = "") => stats.get(id)?.candidateType ?? "unknown";
      for (const { type, selectedCandidatePairId = "" } of stats.values()) {
        if (type !== "transport") continue;
        const pair = stats.get(selectedCandidatePairId);
        pairs.push({ local: kind(pair?.localCandidateId), remote: kind(pair?.remoteCandidateId) });
      }
    }
    return pairs;
  });
}

/** Every STUN or TURN server that a connection of the page was told of. */
export function iceServers(person: Person): Promise<string[]> {
  return person.page.evaluate(() =>
    globalThis.coveyPeers.flatMap((peer) =>
      (peer.getConfiguration().iceServers ?? []).flatMap((server) => server.urls),
    ),
  );
}
