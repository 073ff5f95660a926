/** Cameras and microphones that are files: somebody's picture has one colour, and their sound is one tone. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Color = readonly [red: number, green: number, blue: number];

export interface Looks {
  readonly color: Color;
  /** Hertz, a whole number, and no multiple of anybody else's. */
  readonly tone: number;
}

export const LOOKS = {
  Alice: { color: [200, 40, 40], tone: 500 },
  Bob: { color: [40, 160, 60], tone: 800 },
  Cara: { color: [50, 80, 210], tone: 1300 },
  Dan: { color: [215, 190, 50], tone: 1900 },
  Mallory: { color: [180, 60, 200], tone: 2300 },
} as const satisfies Record<string, Looks>;

export type Name = keyof typeof LOOKS;

/** Small, so that several encoders and decoders fit on two cores. */
const PICTURE = { width: 320, height: 180, rate: 15, frames: 15 };
/** How far the brightness of a pixel is from that of its picture, at most: a picture without noise needs no bits. */
const NOISE = 24;
const SOUND = { rate: 48_000, loudness: 0.3 };

/** Makes somebody's files; returns the flags with which Chromium has them for devices. */
export async function devices(folder: string, { color, tone }: Looks): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const [camera, microphone] = [join(folder, "camera.y4m"), join(folder, "microphone.wav")];
  await Promise.all([writeFile(camera, film(color)), writeFile(microphone, sound(tone))]);
  return [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-video-capture=${camera}`,
    `--use-file-for-fake-audio-capture=${microphone}`,
  ];
}

/** A film of one colour with noise, in YUV4MPEG2. */
function film([red, green, blue]: Color): Buffer {
  const { width, height, rate, frames } = PICTURE;
  // ITU-R BT.601, limited range.
  const y = 16 + 0.257 * red + 0.504 * green + 0.098 * blue;
  const u = 128 - 0.148 * red - 0.291 * green + 0.439 * blue;
  const v = 128 + 0.439 * red - 0.368 * green - 0.071 * blue;
  const random = numbers(1);
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < frames; frame += 1) {
    const brightness = Buffer.alloc(width * height);
    brightness.forEach((_, at) => (brightness[at] = y + NOISE * (2 * random() - 1)));
    const quarter = (width * height) / 4;
    parts.push(Buffer.from("FRAME\n"), brightness);
    parts.push(Buffer.alloc(quarter, Math.round(u)), Buffer.alloc(quarter, Math.round(v)));
  }
  return Buffer.concat(parts);
}

/** One second of a tone, in WAV; a whole number of waves, so that it can be played again and again. */
function sound(tone: number): Buffer {
  const { rate, loudness } = SOUND;
  const bytes = 2 * rate;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  // PCM, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(bytes, 40);
  const samples = Buffer.alloc(bytes);
  for (let at = 0; at < rate; at += 1) {
    const wave = Math.sin((2 * Math.PI * tone * at) / rate);
    samples.writeInt16LE(Math.round(32_767 * loudness * wave), 2 * at);
  }
  return Buffer.concat([head, samples]);
}

/** Numbers from 0 to 1 that look random (a linear congruential generator). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
