/** Descriptions as browsers write them, and as somebody hostile might. */
import { expect, test } from "vitest";
import { DescriptionError, roleOf, tuned } from "./descriptions.js";

const audio = (setup: string, mid: number) => [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:ETEn",
  `a=setup:${setup}`,
  `a=mid:${mid}`,
  "a=sendrecv",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "a=rtpmap:0 PCMU/8000",
];

const video = (setup: string, mid: number) => [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98",
  `a=setup:${setup}`,
  `a=mid:${mid}`,
  "a=rtpmap:96 VP8/90000",
  "a=rtcp-fb:96 nack pli",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "a=rtpmap:98 VP9/90000",
  "a=fmtp:98 profile-id=0",
];

function description(setup = "actpass"): string {
  const session = ["v=0", "o=- 4611 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2 3 4"];
  const data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", `a=setup:${setup}`, "a=sctp-port:5000"];
  const all = [session, audio(setup, 0), video(setup, 1), video(setup, 2), audio(setup, 3), data];
  return `${all.flat().join("\r\n")}\r\n`;
}

const tuning = { startBitrate: 1200, dtx: false };
const count = (text: string, part: string) => text.split(part).length - 1;

test("video begins with an estimate, and nothing else is changed", () => {
  const sdp = tuned(description(), tuning);
  expect(count(sdp, "a=rtpmap:96 VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1200\r\n")).toBe(2);
  expect(sdp.replaceAll("a=fmtp:96 x-google-start-bitrate=1200\r\n", "")).toBe(description());
});

test("a parameter that is there is replaced, and others stay", () => {
  const theirs = description().replaceAll(
    "a=rtpmap:97",
    "a=fmtp:96 max-fs=12288; x-google-start-bitrate=99999\r\na=rtpmap:97",
  );
  const sdp = tuned(theirs, tuning);
  expect(count(sdp, "a=fmtp:96 max-fs=12288;x-google-start-bitrate=1200\r\n")).toBe(2);
  expect(count(sdp, "x-google-start-bitrate")).toBe(2);
});

test("bitrates that the other side sets for this one are left out", () => {
  const theirs = description()
    .replaceAll("useinbandfec=1", "MaxAverageBitrate=510000; useinbandfec=1;maxaveragebitrate=510000")
    .replaceAll("profile-id=0", "x-google-max-bitrate=90000;profile-id=0; X-Google-Min-Bitrate=90000")
    .replaceAll(
      "a=rtpmap:97",
      "a=fmtp:96 x-google-min-bitrate=90000;x-google-start-bitrate=90000\r\na=rtpmap:97",
    );
  expect(tuned(theirs, tuning).replaceAll("; useinbandfec", ";useinbandfec")).toBe(
    tuned(description(), tuning),
  );
});

test("a flood of candidates is cut", () => {
  const candidates = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `a=candidate:${at} 1 udp 1 192.0.2.1 ${at + 1} typ host\r\n`,
    ).join("");
  const theirs = description().replaceAll("a=mid:", `${candidates(40)}a=mid:`);
  expect(count(tuned(theirs, tuning), "a=candidate:")).toBe(64);
  const few = description().replace("a=mid:0", `${candidates(64)}a=mid:0`);
  expect(count(tuned(few, tuning), "a=candidate:")).toBe(64);
});

test("the microphone is told of silence, the sound of a screen is not", () => {
  const sdp = tuned(description(), { ...tuning, dtx: true });
  expect(count(sdp, "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n")).toBe(1);
  expect(sdp.indexOf("usedtx")).toBeLessThan(sdp.indexOf("m=video"));
});

test("tuning twice is tuning once", () => {
  const all = { startBitrate: 300, dtx: true, role: "active" } as const;
  expect(tuned(tuned(description(), all), all)).toBe(tuned(description(), all));
});

test("an offer of either role gets the one that was established", () => {
  expect(count(tuned(description(), { ...tuning, role: "active" }), "a=setup:active\r\n")).toBe(5);
  expect(count(tuned(description("passive"), { ...tuning, role: "active" }), "a=setup:passive")).toBe(5);
});

test("the established role is read from whichever answer there was", () => {
  expect(roleOf(undefined, undefined)).toBeUndefined();
  expect(roleOf(description(), undefined)).toBeUndefined();
  expect(roleOf(description(), description("active"))).toBe("active");
  expect(roleOf(description("active"), description())).toBe("passive");
  expect(roleOf(description("passive"), description())).toBe("active");
});

test("other sections than those of a call are refused", () => {
  const sections = description().split(/(?=^m=)/m);
  const without = (at: number) => sections.filter((_, each) => each !== at).join("");
  for (let at = 1; at < sections.length; at += 1)
    expect(() => tuned(without(at), tuning)).toThrow(DescriptionError);
  const twice = [...sections, ...sections.slice(1, 2)].join("");
  expect(() => tuned(twice, tuning)).toThrow(DescriptionError);
  expect(() => tuned("", tuning)).toThrow(DescriptionError);
});

test("nonsense is refused or goes through, and takes no time", () => {
  const long = "a=fmtp:96 ".repeat(6_000);
  const strange = [
    "\0",
    "m=",
    "m=audio",
    "\n".repeat(60_000),
    long,
    description().replaceAll("a=rtpmap:96 VP8/90000", `a=rtpmap:96 VP8/${long}`),
    description().replaceAll("a=fmtp:111 ", `a=fmtp:111 ${";".repeat(20_000)}`),
    description().replaceAll("a=mid", "a=rtpmap:__proto__ VP8/1\r\na=mid"),
  ];
  const begun = performance.now();
  for (const sdp of strange) {
    try {
      tuned(sdp, { ...tuning, dtx: true });
    } catch (error) {
      expect(error).toBeInstanceOf(DescriptionError);
    }
  }
  expect(performance.now() - begun).toBeLessThan(1_000);
});
