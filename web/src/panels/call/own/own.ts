/** The tracks of this page: its microphone, its camera and the screen that it shares. */
import { createStore, type StoreApi } from "zustand";
import type { Source } from "../../../engine";
import { capture, captureScreen, hintOf } from "./capture";
import { choices, choose, type Detail } from "./choices";
import { Devices } from "./devices";
import { explained, reasonOf, type Device, type Input } from "./reasons";
import { onSilence } from "./silence";

export interface OwnTrack {
  readonly track?: MediaStreamTrack;
  /** The browser is asked for it. */
  readonly busy?: boolean;
  /** Why there is none, in a sentence. */
  readonly problem?: string;
  /** There is one, and the system holds it back, such as for a phone call. */
  readonly silent?: boolean;
}

export type OwnState = Readonly<Record<Device, OwnTrack>>;

/** A track that the browser gave, and its way to the page. */
interface Caught {
  readonly tracks: readonly MediaStreamTrack[];
  readonly take: () => void;
}

interface Listener {
  /** Another track than before, or none. */
  changed: (source: Source, track: MediaStreamTrack | null) => void;
  /** Something the person should know, in a sentence. */
  told: (sentence: string) => void;
}

export class Own {
  readonly state: StoreApi<OwnState> = createStore<OwnState>()(() => ({
    microphone: {},
    camera: {},
    screen: {},
  }));
  readonly devices = new Devices((ids) => this.plugged(ids));
  private screenSound: MediaStreamTrack | undefined;
  /** Counts attempts, so that one that was given up has no effect. */
  private readonly attempts: Record<Device, number> = { microphone: 0, camera: 0, screen: 0 };
  /** The ids of devices that were unplugged while they were used. */
  private readonly unplugged = new Map<Input, string>();
  private closed = false;

  constructor(private readonly listener: Listener) {}

  track(device: Device): MediaStreamTrack | undefined {
    return this.state.getState()[device].track;
  }

  /** Turns a device on, or changes to another one: the track before goes on until the other is there. */
  async start(device: Input, id = choices()[device]): Promise<boolean> {
    return this.attempt(device, async () => {
      const track = await this.captured(device, id);
      return { tracks: [track], take: () => this.take(device, track) };
    });
  }

  /** Remembers a device, and changes to it where one of its kind is on. */
  async pick(device: Input, id: string): Promise<void> {
    choose({ [device]: id });
    // Not the one that was pulled out before.
    this.unplugged.delete(device);
    if (this.track(device)) await this.start(device);
  }

  async share(): Promise<boolean> {
    return this.attempt("screen", async () => {
      const { picture, sound, silenced } = await captureScreen(choices().detail ?? "text");
      const take = () => {
        this.take("screen", picture);
        this.setScreenSound(sound);
        if (silenced) this.listener.told(SILENCED);
      };
      return { tracks: sound ? [picture, sound] : [picture], take };
    });
  }

  /** How the shared screen is sent from now on. */
  setDetail(detail: Detail): void {
    choose({ detail });
    const screen = this.track("screen");
    if (screen) screen.contentHint = hintOf(detail);
  }

  /** Turns a device off: its light goes out. */
  stop(device: Device): void {
    this.attempts[device] += 1;
    const track = this.track(device);
    this.set(device, {});
    if (device === "screen") this.setScreenSound(undefined);
    if (!track) return;
    track.stop();
    this.listener.changed(device, null);
  }

  /** The person has read what was wrong. */
  dismiss(device: Device): void {
    const track = this.track(device);
    this.set(device, track ? { track } : {});
  }

  stopAll(): void {
    for (const device of ["microphone", "camera", "screen"] as const) this.stop(device);
  }

  /** Nothing is turned on any more. */
  close(): void {
    this.closed = true;
    this.stopAll();
    this.devices.close();
  }

  /** Two cameras at once are too many for some phones: there the one before is stopped first. */
  private async captured(device: Input, id: string | undefined): Promise<MediaStreamTrack> {
    try {
      return await capture(device, id);
    } catch (error) {
      const before = this.track(device);
      if (!before || reasonOf(error, device, isSecureContext) !== "busy") throw error;
      before.stop();
      return capture(device, id);
    }
  }

  private async attempt(device: Device, capture: () => Promise<Caught>): Promise<boolean> {
    if (this.closed) return false;
    const attempt = (this.attempts[device] += 1);
    const before = this.track(device);
    this.set(device, { ...(before && { track: before }), busy: true });
    try {
      const { tracks, take } = await capture();
      // Turned off meanwhile, or turned on another time.
      const late = attempt !== this.attempts[device];
      if (late) for (const each of tracks) each.stop();
      else take();
      return !late;
    } catch (error) {
      if (attempt === this.attempts[device]) this.failed(device, before, error);
      return false;
    } finally {
      void this.devices.refresh();
    }
  }

  private failed(device: Device, before: MediaStreamTrack | undefined, error: unknown): void {
    const reason = reasonOf(error, device, isSecureContext);
    const left = before?.readyState === "live" ? { track: before } : {};
    // A person who closes the choice of screens has changed their mind.
    const quiet = device === "screen" && reason === "dismissed";
    this.set(device, quiet ? left : { ...left, problem: explained(reason, device) });
    if (before && !left.track) this.listener.changed(device, null);
  }

  private take(device: Device, track: MediaStreamTrack): void {
    const before = this.track(device);
    const { deviceId } = track.getSettings();
    track.addEventListener("ended", () => void this.ended(device, track, deviceId));
    onSilence(track, (silent) => {
      if (this.track(device) === track && device !== "screen") this.set(device, { track, silent });
    });
    this.set(device, { track });
    this.listener.changed(device, track);
    before?.stop();
  }

  /** Unplugged, taken away by a setting, or stopped by the browser's own bar. */
  private async ended(device: Device, track: MediaStreamTrack, id: string | undefined): Promise<void> {
    if (this.track(device) !== track) return;
    if (device === "screen") {
      this.stop(device);
      return;
    }
    // The same one again, or the default where it is gone.
    const found = await this.start(device, id);
    const now = this.track(device);
    if (now && id !== undefined && now.getSettings().deviceId !== id) this.unplugged.set(device, id);
    if (found && now) this.listener.told(`Your ${device} was interrupted. “${now.label}” is used now.`);
    else if (!now) this.listener.told(`Your ${device} was interrupted. Turn it on again when it is back.`);
  }

  /** A device that was unplugged while it was used, and is back, is used again. */
  private plugged(ids: ReadonlySet<string>): void {
    for (const [device, id] of [...this.unplugged]) {
      if (!ids.has(id)) continue;
      this.unplugged.delete(device);
      if (this.track(device)) void this.start(device, id);
    }
  }

  private setScreenSound(sound: MediaStreamTrack | undefined): void {
    if (this.screenSound === sound) return;
    this.screenSound?.stop();
    this.screenSound = sound;
    sound?.addEventListener("ended", () => {
      if (this.screenSound === sound) this.setScreenSound(undefined);
    });
    this.listener.changed("screen-sound", sound ?? null);
  }

  private set(device: Device, track: OwnTrack): void {
    this.state.setState({ [device]: track });
  }
}

const SILENCED =
  "Your screen is shared without its sound: this browser can’t leave the call itself out of it, and everybody would hear themselves. Share a tab instead to share its sound.";
