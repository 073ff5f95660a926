import { expect, test } from "vitest";
import { preference, steer, type Material } from "./parameters.js";

const camera: Material = {
  kind: "video",
  height: 720,
  screen: false,
  contentHint: "",
  starting: false,
  copied: false,
};
const order = { source: 1, bitrate: 150_000, height: 180, rate: 15 };

function fresh(): RTCRtpSendParameters {
  return { transactionId: "1", codecs: [], headerExtensions: [], rtcp: {}, encodings: [{}] };
}

test("a picture is made as small as it is shown", () => {
  const { encodings, degradationPreference } = steer(fresh(), order, camera);
  expect(encodings).toEqual([
    { active: true, maxBitrate: 150_000, scaleResolutionDownBy: 4, maxFramerate: 15 },
  ]);
  expect(degradationPreference).toBe("balanced");
});

test("a picture is never made larger, nor by a height that is not known", () => {
  const scale = (height: number | undefined, most: number) =>
    steer(fresh(), { ...order, height: most }, { ...camera, height }).encodings[0]?.scaleResolutionDownBy;
  expect(scale(360, 720)).toBe(1);
  expect(scale(undefined, 180)).toBe(1);
  expect(scale(720, 0)).toBe(1);
  expect(scale(720, NaN)).toBe(1);
});

test("a pause keeps everything else for when it goes on", () => {
  const running = steer(fresh(), order, camera);
  const [encoding] = steer(running, { ...order, bitrate: 0, height: 0, rate: 0 }, camera).encodings;
  expect(encoding).toEqual({
    active: false,
    maxBitrate: 150_000,
    scaleResolutionDownBy: 4,
    maxFramerate: 15,
  });
});

test("sound has a bitrate and nothing of pictures", () => {
  const sound: Material = { ...camera, kind: "audio", height: undefined };
  const parameters = steer(fresh(), { source: 0, bitrate: 24_000, height: 0, rate: 0 }, sound);
  expect(parameters.encodings).toEqual([{ active: true, maxBitrate: 24_000 }]);
  expect(parameters).not.toHaveProperty("degradationPreference");
});

test("sound has a limit with any order and without", () => {
  const sound: Material = { ...camera, kind: "audio", height: undefined };
  const most = (screen: boolean, bitrate?: number) => {
    const ordered = bitrate === undefined ? undefined : { source: 0, bitrate, height: 0, rate: 0 };
    return steer(fresh(), ordered, { ...sound, screen }).encodings[0]?.maxBitrate;
  };
  expect([most(false), most(false, 500_000), most(false, 24_000)]).toEqual([40_000, 40_000, 24_000]);
  expect([most(true), most(true, 500_000)]).toEqual([96_000, 96_000]);
});

test("a sender without encodings, or without an order, is left as it is", () => {
  expect(steer({ ...fresh(), encodings: [] }, order, camera).encodings).toEqual([]);
  expect(steer(fresh(), undefined, camera).encodings).toEqual([{}]);
});

test("what suffers depends on what is shown", () => {
  expect(preference({ ...camera, starting: true })).toBe("maintain-resolution");
  expect(preference(camera)).toBe("balanced");
  expect(preference({ ...camera, screen: true, contentHint: "text" })).toBe("maintain-resolution");
  expect(preference({ ...camera, screen: true, contentHint: "detail" })).toBe("maintain-resolution");
  expect(preference({ ...camera, screen: true, contentHint: "motion", starting: true })).toBe(
    "maintain-framerate",
  );
});
