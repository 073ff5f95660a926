/** Tracks of this device's microphone, camera and screen. */
import type { Detail } from "./choices";
import { NoInterface, type Input } from "./reasons";

/** Interfaces that older browsers lack, and pages outside of a secure context, too. */
type Media = Partial<Pick<MediaDevices, "getUserMedia" | "getDisplayMedia">>;

const media = (): Media => (navigator as { mediaDevices?: MediaDevices }).mediaDevices ?? {};

/** Constraints that standard types do not know yet. */
interface ScreenSound extends MediaTrackConstraints {
  restrictOwnAudio?: boolean;
}
interface ScreenOptions extends DisplayMediaStreamOptions {
  selfBrowserSurface?: "include" | "exclude";
  surfaceSwitching?: "include" | "exclude";
  systemAudio?: "include" | "exclude";
}

/** The device with this id if it is there, else the browser's default. */
export async function capture(source: Input, device: string | undefined): Promise<MediaStreamTrack> {
  const devices = media();
  if (!devices.getUserMedia) throw new NoInterface();
  const id = device === undefined ? {} : { deviceId: { ideal: device } };
  const stream = await devices.getUserMedia(
    source === "microphone"
      ? { audio: { ...id, echoCancellation: true, noiseSuppression: true, autoGainControl: true } }
      : {
          video: {
            ...id,
            width: { ideal: 1280 },
            height: { ideal: 720 },
            frameRate: { ideal: 30 },
          },
        },
  );
  const [track] = stream.getTracks();
  if (!track) throw new NoInterface();
  return track;
}

export interface Captured {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | undefined;
  /** There was sound, and it was left out: everybody would have heard themselves in it. */
  readonly silenced: boolean;
}

export async function captureScreen(detail: Detail): Promise<Captured> {
  const devices = media();
  if (!devices.getDisplayMedia) throw new NoInterface();
  const audio: ScreenSound = { restrictOwnAudio: true };
  const options: ScreenOptions = {
    video: { frameRate: { ideal: 30 } },
    audio,
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: "include",
  };
  const stream = await devices.getDisplayMedia(options);
  const [picture] = stream.getVideoTracks();
  const [sound] = stream.getAudioTracks();
  if (!picture) throw new NoInterface();
  picture.contentHint = hintOf(detail);
  const echoes = sound !== undefined && hasOwnSound(picture, sound);
  if (echoes) sound.stop();
  return { picture, sound: echoes ? undefined : sound, silenced: echoes };
}

export const hintOf = (detail: Detail): string => (detail === "text" ? "text" : "motion");

/** The sound of another tab has nothing of this page in it; that of the whole computer has, unless it is left out. */
function hasOwnSound(picture: MediaStreamTrack, sound: MediaStreamTrack): boolean {
  const { displaySurface } = picture.getSettings() as { displaySurface?: string };
  const { restrictOwnAudio } = sound.getSettings() as { restrictOwnAudio?: boolean };
  return displaySurface !== "browser" && restrictOwnAudio !== true;
}

/** Whether the page may use a device without the browser asking; false where the browser does not say. */
export async function isGranted(source: Input): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: source });
    return state === "granted";
  } catch {
    return false;
  }
}
