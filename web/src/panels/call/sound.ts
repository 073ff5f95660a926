/** The sound of the others: elements outside of the panel, so that it goes on while the panel is hidden. */
import { createStore, type StoreApi } from "zustand";
import type { Call, Source } from "../../engine";
import { choices, choose } from "./own/choices";

const SOURCES = ["microphone", "screen-sound"] as const satisfies readonly Source[];

interface SoundState {
  /** The browser plays nothing before the person presses something. */
  readonly blocked: boolean;
  /** By member, from 0 to 1; absent where nobody changed it. */
  readonly volumes: ReadonlyMap<string, number>;
}

interface Playing {
  readonly element: HTMLAudioElement;
  readonly member: string;
}

export class Sound {
  readonly state: StoreApi<SoundState> = createStore<SoundState>()(() => ({
    blocked: false,
    volumes: new Map(),
  }));
  private readonly place = document.createElement("div");
  private readonly playing = new Map<string, Playing>();

  constructor() {
    this.place.hidden = true;
    this.place.dataset.callSound = "";
    document.body.append(this.place);
  }

  /** Plays what the others send, and nothing else. */
  update(call: Call): void {
    const heard = new Set<string>();
    for (const { client, member, self } of call.joined ? call.attendees : []) {
      if (self) continue;
      for (const source of SOURCES) {
        const stream = call.stream(client, source);
        if (!stream) continue;
        const key = `${client} ${source}`;
        heard.add(key);
        this.play(key, stream, { client, member, source });
      }
    }
    for (const key of [...this.playing.keys()]) if (!heard.has(key)) this.end(key);
  }

  setVolume(member: string, volume: number): void {
    const volumes = new Map(this.state.getState().volumes).set(member, volume);
    this.state.setState({ volumes });
    for (const each of this.playing.values()) if (each.member === member) each.element.volume = volume;
  }

  /** Remembers a speaker and plays everything there. */
  setSpeaker(speaker: string): void {
    choose({ speaker });
    for (const { element } of this.playing.values()) void route(element, speaker);
  }

  /** After the browser wanted the person to press something. */
  playAll(): void {
    this.state.setState({ blocked: false });
    for (const { element } of this.playing.values()) void this.begin(element);
  }

  silence(): void {
    for (const key of [...this.playing.keys()]) this.end(key);
    this.state.setState({ blocked: false });
  }

  close(): void {
    this.silence();
    this.place.remove();
  }

  private play(
    key: string,
    stream: MediaStream,
    of: { client: number; member: string; source: Source },
  ): void {
    const known = this.playing.get(key);
    if (known?.element.srcObject === stream) return;
    if (known) this.end(key);
    const element = document.createElement("audio");
    element.dataset.client = String(of.client);
    element.dataset.source = of.source;
    element.autoplay = true;
    element.srcObject = stream;
    element.volume = this.state.getState().volumes.get(of.member) ?? 1;
    this.playing.set(key, { element, member: of.member });
    this.place.append(element);
    const { speaker } = choices();
    if (speaker !== undefined) void route(element, speaker);
    void this.begin(element);
  }

  private async begin(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      const refused = error instanceof Error && error.name === "NotAllowedError";
      if (refused && element.isConnected) this.state.setState({ blocked: true });
    }
  }

  private end(key: string): void {
    const known = this.playing.get(key);
    if (!known) return;
    this.playing.delete(key);
    known.element.srcObject = null;
    known.element.remove();
  }
}

/** A speaker that is not there any more leaves the sound where it was. */
async function route(element: HTMLAudioElement, speaker: string): Promise<void> {
  const { setSinkId } = element as { setSinkId?: (id: string) => Promise<void> };
  try {
    await setSinkId?.call(element, speaker);
  } catch {
    // The default goes on.
  }
}
