/** Turns on before joining only what the browser need not ask the person for. */
import { isGranted } from "./capture";
import { choices } from "./choices";
import type { Own } from "./own";

/**
 * The microphone unless it was left off the last time, the camera if it was on. Nothing starts any more once the
 * signal is aborted.
 */
export async function startGranted(
  own: Pick<Own, "track" | "start"> & { readonly devices: Pick<Own["devices"], "refresh"> },
  signal: AbortSignal,
): Promise<void> {
  const { withoutMicrophone = false, withCamera = false } = choices();
  const wanted = { microphone: !withoutMicrophone, camera: withCamera };
  await own.devices.refresh();
  for (const device of ["microphone", "camera"] as const) {
    const may = wanted[device] && !own.track(device) && (await isGranted(device));
    if (may && !signal.aborted) void own.start(device);
  }
}
