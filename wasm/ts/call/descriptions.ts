/** Session descriptions of others: what is checked before the browser reads one, and what is tuned in it. */

/** The role of one side in the DTLS handshake. */
export type Role = "active" | "passive";

export interface Tuning {
  /** Where the bandwidth estimate for video begins, in kbit/s. The browser's own beginning takes 20 s to reach 720p. */
  readonly startBitrate: number;
  /** Nearly nothing is sent while nobody speaks. */
  readonly dtx: boolean;
  /** The role that the other side has, where it offers to take either. */
  readonly role?: Role | undefined;
}

/** A description is not of the form that both sides of a call agree on. */
export class DescriptionError extends Error {}

/** The sections of every description of a call, in their order. */
const SECTIONS = ["audio", "video", "video", "audio", "application"];

/** Candidates of one description: a browser gathers a few for each of its addresses. */
const CANDIDATES = 64;

/**
 * A description with ends of lines as the standard has them, tuned, and without what would make this side send more
 * than it wants. Throws if it is not one of a call.
 */
export function tuned(sdp: string, { startBitrate, dtx, role }: Tuning): string {
  const [session = [], ...media] = bounded(sections(sdp));
  const kinds = media.map(([first = ""]) => /^m=(\w+) /.exec(first)?.[1]);
  if (kinds.length !== SECTIONS.length || kinds.some((kind, at) => kind !== SECTIONS[at]))
    throw new DescriptionError(`sections ${kinds.join(" ")}`);
  const changed = media.map((lines, at) => {
    if (SECTIONS[at] === "video")
      return withParameter(lines, "VP8", "x-google-start-bitrate", String(startBitrate));
    // The sound of a screen is music as often as speech, and is never silent for long.
    return at === 0 && dtx ? withParameter(lines, "opus", "usedtx", "1") : lines;
  });
  const all = [session, ...changed].flat();
  return joined(role ? all.map((line) => (line === "a=setup:actpass" ? `a=setup:${role}` : line)) : all);
}

/** A description in which the bandwidth estimate for VP8 begins with so many kbit/s and does not fall below. */
export function withStartBitrate(sdp: string, kilobits: number): string {
  const [session = [], ...media] = sections(sdp);
  const changed = media.map((lines) => {
    const begun = withParameter(lines, "VP8", "x-google-start-bitrate", String(kilobits));
    return withParameter(begun, "VP8", "x-google-min-bitrate", String(kilobits));
  });
  return joined([session, ...changed].flat());
}

/** The DTLS role of the other side that earlier descriptions have established. */
export function roleOf(local: string | undefined, remote: string | undefined): Role | undefined {
  const theirs = setupOf(remote);
  if (theirs) return theirs;
  const own = setupOf(local);
  return own && (own === "active" ? "passive" : "active");
}

/** The lines of the session and of each of its media sections. */
function sections(sdp: string): string[][] {
  const all: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (line === "") continue;
    if (line.startsWith("m=")) all.push([]);
    all.at(-1)?.push(line);
  }
  return all;
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Without bitrates that the other side sets for this one, and without a flood of candidates. */
function bounded(all: readonly string[][]): string[][] {
  let candidates = 0;
  return all.map((lines) =>
    lines
      .filter((line) => !line.startsWith("a=candidate") || (candidates += 1) <= CANDIDATES)
      .flatMap(withoutBitrates),
  );
}

function withoutBitrates(line: string): string[] {
  const [, format = "", list] = /^(a=fmtp:\s*\S+\s+)(.*)$/.exec(line) ?? [];
  if (list === undefined) return [line];
  const parameters = list.split(";");
  const kept = parameters.filter((each) => !/^\s*(x-google-|maxaveragebitrate\s*(=|$))/i.test(each));
  if (kept.length === parameters.length) return [line];
  return kept.some((each) => each.trim() !== "") ? [`${format}${kept.join(";").trim()}`] : [];
}

/** Every format of a codec has this parameter, and no other value of it. */
function withParameter(lines: readonly string[], codec: string, name: string, value: string): string[] {
  const formats = new Set<string>();
  for (const line of lines) {
    const [, format, of] = /^a=rtpmap:(\d+) ([^/]+)\//.exec(line) ?? [];
    if (format && of?.toLowerCase() === codec.toLowerCase()) formats.add(format);
  }
  const formatOf = (line: string) => /^a=fmtp:(\d+) /.exec(line)?.[1] ?? "";
  const described = new Set(lines.map(formatOf));
  return lines.flatMap((line) => {
    const mapped = /^a=rtpmap:(\d+) /.exec(line)?.[1] ?? "";
    if (formats.has(mapped) && !described.has(mapped)) return [line, `a=fmtp:${mapped} ${name}=${value}`];
    const format = formatOf(line);
    if (!formats.has(format)) return [line];
    const kept = line
      .slice(`a=fmtp:${format} `.length)
      .split(";")
      .map((each) => each.trim())
      .filter((each) => each !== "" && each.split("=", 1)[0] !== name);
    return [`a=fmtp:${format} ${[...kept, `${name}=${value}`].join(";")}`];
  });
}

function setupOf(sdp: string | undefined): Role | undefined {
  const found = /^a=setup:(active|passive)\r?$/m.exec(sdp ?? "")?.[1];
  return found as Role | undefined;
}
