/** Why a call can't be recorded, or a recording can't be saved, and what to do. */

/** The browser lacks something that recording needs. */
export class CannotRecord extends Error {}

export const NO_ROOM = "There is no room left for the recording: it has ended. What there was is kept.";
export const TOO_SLOW =
  "The disk could not keep up with the recording: it has ended. What there was is kept.";
export const FAILED = "The browser ended the recording. What there was is kept.";
export const GONE = "What was recorded is not in the call any more: the recording has ended.";

export function why(error: unknown, doing: "record" | "save" = "record"): string {
  if (error instanceof CannotRecord) return "This browser can’t record. A current one on a computer can.";
  const name = error instanceof Error ? error.name : "";
  if (name === "QuotaExceededError")
    return doing === "record"
      ? "There is no room for a recording on this device. Make some, then try it again."
      : "There is no room for it at that place. Make some or choose another place, then save it again.";
  if (name === "NotFoundError") return "This recording is not on this device any more.";
  return doing === "record"
    ? "The recording could not be started. Try it again."
    : "The recording could not be saved. It is kept here: try it again, perhaps at another place.";
}

/** Why a recording ended that could not be written any further. */
export function whyEnded(error: unknown): string {
  return error instanceof Error && error.name === "QuotaExceededError" ? NO_ROOM : FAILED;
}
