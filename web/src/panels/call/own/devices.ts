/** The microphones, cameras and speakers of this computer. Their names are empty until the page may use one. */
import { createStore, type StoreApi } from "zustand";

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface DeviceLists {
  readonly microphones: readonly Choice[];
  readonly cameras: readonly Choice[];
  /** Empty where the browser does not let a page choose. */
  readonly speakers: readonly Choice[];
}

export class Devices {
  readonly state: StoreApi<DeviceLists> = createStore<DeviceLists>()(() => listsOf([], false));
  private readonly stop = new AbortController();

  /** `plugged` is told the ids of all devices when one was plugged in or out. */
  constructor(plugged: (ids: ReadonlySet<string>) => void) {
    const changed = async () => {
      await this.refresh();
      const { microphones, cameras } = this.state.getState();
      plugged(new Set([...microphones, ...cameras].map(({ id }) => id)));
    };
    mediaDevices()?.addEventListener("devicechange", () => void changed(), { signal: this.stop.signal });
  }

  /** Reads the lists again, such as after the page may see the names. */
  async refresh(): Promise<void> {
    try {
      const found = (await mediaDevices()?.enumerateDevices()) ?? [];
      this.state.setState(listsOf(found, "setSinkId" in HTMLMediaElement.prototype));
    } catch {
      // The browser's defaults are what is left.
    }
  }

  close(): void {
    this.stop.abort();
  }
}

/** The devices to choose from. Those without an id are there, but nothing about them is known. */
export function listsOf(
  found: readonly Pick<MediaDeviceInfo, "deviceId" | "kind" | "label">[],
  sinks: boolean,
): DeviceLists {
  const of = (kind: MediaDeviceKind, name: string): Choice[] =>
    found
      .filter((each) => each.kind === kind && each.deviceId !== "")
      .map(({ deviceId, label }, at) => ({ id: deviceId, label: label || `${name} ${at + 1}` }));
  return {
    microphones: of("audioinput", "Microphone"),
    cameras: of("videoinput", "Camera"),
    speakers: sinks ? of("audiooutput", "Speaker") : [],
  };
}

/** Absent outside of a secure context. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}
