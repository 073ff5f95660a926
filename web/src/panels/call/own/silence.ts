/** Notices when the system holds a track back: during a phone call, or by a switch on the device. */

/** Shorter pauses are nobody's business, in milliseconds. */
const LASTING = 2_000;

export function onSilence(track: MediaStreamTrack, listener: (silent: boolean) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  track.addEventListener("mute", () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (track.muted && track.readyState === "live") listener(true);
    }, LASTING);
  });
  track.addEventListener("unmute", () => {
    clearTimeout(timer);
    timer = undefined;
    listener(false);
  });
}
