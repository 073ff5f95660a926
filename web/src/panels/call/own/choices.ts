/** The person's choices for calls, remembered on this device. */
import { device } from "../../../shared/memory";

/** The content of a shared screen: letters, which must be sharp, or moving pictures. */
export type Detail = "text" | "motion";

export interface Choices {
  /** Ids of devices. */
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
  /** Left off when the person joined last. */
  readonly withoutMicrophone?: boolean;
  /** On when the person joined last. */
  readonly withCamera?: boolean;
  /** Of shared screens. */
  readonly detail?: Detail;
  /** Less video is sent and received. */
  readonly saving?: boolean;
}

/** A stored text may be of any version, so it is checked. */
export function parsed(text: string | undefined): Choices {
  try {
    const stored: unknown = JSON.parse(text ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    const kept = stored as Record<string, unknown>;
    const id = (key: "microphone" | "camera" | "speaker") =>
      typeof kept[key] === "string" && kept[key].length <= 256 ? { [key]: kept[key] } : {};
    const flag = (key: "withoutMicrophone" | "withCamera" | "saving") =>
      kept[key] === true ? { [key]: true } : {};
    return {
      ...id("microphone"),
      ...id("camera"),
      ...id("speaker"),
      ...flag("withoutMicrophone"),
      ...flag("withCamera"),
      ...flag("saving"),
      ...(kept.detail === "text" || kept.detail === "motion" ? { detail: kept.detail } : {}),
    };
  } catch {
    return {};
  }
}

let current: Choices | undefined;
const listeners = new Set<() => void>();

/** The same object until something is chosen. */
export function choices(): Choices {
  return (current ??= parsed(device.read("call")));
}

export function choose(change: Choices): void {
  current = { ...choices(), ...change };
  device.write("call", JSON.stringify(current));
  for (const listener of listeners) listener();
}

/** Calls back after every choice, until the returned function is called. */
export function onChoice(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
