/** A call with oneself: three seconds of the microphone, then played as others will hear them. */
import { capture } from "./capture";
import { choices } from "./choices";
import { Meter, SPEECH } from "./meter";

/** In milliseconds. */
const LISTENING = 3_000;
const PERIOD = 50;
/** So often of those, somebody was heard. */
const LOUD = 3;

export interface Trial {
  readonly listening: (track: MediaStreamTrack) => void;
  readonly playing: () => void;
}

/** Whether anything was heard. What is sent in the call does not change. */
export async function tryOut(
  own: MediaStreamTrack | undefined,
  { listening, playing }: Trial,
  signal: AbortSignal,
): Promise<boolean> {
  const track = own?.clone() ?? (await captured());
  // A muted one is heard here, too.
  track.enabled = true;
  try {
    signal.throwIfAborted();
    listening(track);
    const { sound, loud } = await recorded(track, signal);
    if (!wasHeard(loud)) return false;
    playing();
    await played(sound, signal);
    return true;
  } finally {
    track.stop();
  }
}

/** The cause says why. */
export class NoMicrophone extends Error {}

async function captured(): Promise<MediaStreamTrack> {
  try {
    return await capture("microphone", choices().microphone);
  } catch (error) {
    throw new NoMicrophone("no microphone", { cause: error });
  }
}

/** A click is not enough. */
export function wasHeard(levels: readonly number[]): boolean {
  return levels.filter((level) => level > SPEECH).length >= LOUD;
}

async function recorded(
  track: MediaStreamTrack,
  signal: AbortSignal,
): Promise<{ sound: Blob; loud: number[] }> {
  const chunks: Blob[] = [];
  const loud: number[] = [];
  const meter = new Meter(track);
  const timer = setInterval(() => loud.push(meter.level()), PERIOD);
  try {
    const recorder = new MediaRecorder(new MediaStream([track]));
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    await lasting(LISTENING, signal);
    recorder.stop();
    await stopped;
    return { sound: new Blob(chunks, { type: recorder.mimeType }), loud };
  } finally {
    clearInterval(timer);
    meter.close();
  }
}

/** By an element, which a speaker can be chosen for; it gets a stream, since the page's policy allows it no address. */
async function played(sound: Blob, signal: AbortSignal): Promise<void> {
  const context = new AudioContext();
  const element = new Audio();
  try {
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(await sound.arrayBuffer());
    const out = context.createMediaStreamDestination();
    source.connect(out);
    element.srcObject = out.stream;
    const { speaker } = choices();
    // The default plays it where that speaker is gone.
    if (speaker !== undefined && "setSinkId" in element)
      await element.setSinkId(speaker).catch(() => undefined);
    await Promise.all([element.play(), context.resume()]);
    source.start();
    await lasting(source.buffer.duration * 1000, signal);
  } finally {
    element.srcObject = null;
    void context.close();
  }
}

function lasting(span: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const given = () => {
      clearTimeout(timer);
      reject(new DOMException("given up", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", given);
      resolve();
    }, span);
    signal.addEventListener("abort", given, { once: true });
  });
}
